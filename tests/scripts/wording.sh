#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the user manual puts in quotes or in brackets (prompts, buttons, modules, columns) is worded so
# in the programs.
. tests/ok.sh

cat >"$ok_dir/manual" <<'END'
下一步
主管税务机关
人工录入账户账号信息
作废
作废成功
保存
修改成功
修改申报密码
凭证开具日期
删除
刷新
办税服务中心
单位信息
单位参保信息查询
单位社保费申报密码重置
单位管理
单位编号
单位缴费证明打印
反馈提示
取消
启用登录密码
地区
安全认证
导出
开具日期
当前存在申报成功且未缴费或部分缴费的记录，是否立即缴费？
征收品目
征收子目
征收项目
打印
打印成功
扣款前请确认扣费险种、金额是否正确
提交成功
提交申报
提交申报确认
操作
数据处理状态
新申报密码
日常申报
是否作废本条记录
查看
查询
查询统计
添加
特殊缴费申报
状态
用人单位添加
申报密码
申报密码设置
申报日期
申报管理
申报记录
登录
登录密码设置
确定
确认删除？
确认缴费
社会保险费管理子系统
社会保险费缴费人存款账户账号报告
社保经办机构
社保费完税证明打印
社保费完税证明补打
社保费应缴信息查询
社保费申报
社保费管理子系统
社保费预处理汇总信息
立即体验
立即提交
立即缴费
立即获取
立即进入
系统管理
系统设置
缴费
缴费凭证开具完成
缴费凭证打印记录
缴费方式
缴费记录
获取反馈
获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果
证明打印
请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报
请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！
贵州省
费款所属期
费款缴纳
选择缴费方式
重新打印
银行端查询缴费凭证
预处理信息下载进度
作废失败，税票号码%s已经入库，不能进行此操作
您确定选择【%s】进入系统么？
申报密码验证失败：
您输入的申报密码有误，请重新输入。
END

scripts/make-catalogue --template "$ok_dir/pot" || exit 1
msgconv --no-wrap --to-code=UTF-8 "$ok_dir/pot" 2>/dev/null | awk '
	/^msgid / { text = substr($0, 8, length($0) - 8); on = 1; next }
	on && /^"/ { text = text substr($0, 2, length($0) - 2); next }
	on { print text; on = 0 }' | sed 's/\\\\"/"/g' >"$ok_dir/texts"

stands_in_the_source()
{
	missing=0
	while IFS= read -r words; do
		grep -qF -- "$words" "$ok_dir/texts" || { echo "missing: $words"; missing=1; }
	done <"$ok_dir/manual"
	return $missing
}

ok "the manual's prompts are worded as in the manual ($(wc -l <"$ok_dir/manual"))" stands_in_the_source
ok_done wording
