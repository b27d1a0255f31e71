/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks of the books against themselves. Each row is one fact that must hold, as the query of
 * what breaks it. Where two tables disagree, the row is named that the third one contradicts.
 */
#include "shebao/books_access.h"

#include "shebao/mem.h"

#define SUM_OF(kind, table, key)                                                           \
	"SELECT t." key ", t.amount || ' fen, ' || t.levy_count || ' levies; its levies make '" \
	" || COALESCE(s.amount, 0) || ', ' || COALESCE(s.n, 0) FROM " table " t LEFT JOIN" \
	" (SELECT holder, SUM(amount) AS amount, COUNT(*) AS n FROM claim"                 \
	" WHERE kind IN (" kind ") GROUP BY holder) s ON s.holder = t." key                \
	" WHERE t.amount <> COALESCE(s.amount, 0) OR t.levy_count <> COALESCE(s.n, 0)"
#define TWICE(kinds)                                                                       \
	"SELECT levy_no, COUNT(*) || ' live claims' FROM claim WHERE live = 1 AND (" kinds \
	") GROUP BY taxpayer_id, levy_no HAVING COUNT(*) > 1"
#define STRANGER(table, key)                                                               \
	"SELECT c.levy_no, c.kind || ' ' || c.holder || ' belongs to ' || t.taxpayer_id"   \
	" FROM claim c JOIN " table " t ON t." key " = c.holder"                           \
	" WHERE c.taxpayer_id <> t.taxpayer_id AND c.kind = '" table "'"
#define NO_OP(table, key)                                                                  \
	"SELECT " key ", 'no operation ' || op_id FROM " table " t WHERE NOT EXISTS"       \
	" (SELECT 1 FROM op WHERE op.op_id = t.op_id AND op.taxpayer_id = t.taxpayer_id"   \
	" AND op.status < 400)"
#define AHEAD(table, key)                                                                  \
	"SELECT t." key ", 'version ' || t.version || ' of ' || COALESCE(h.version, 0)"    \
	" FROM " table " t LEFT JOIN head h ON h.taxpayer_id = t.taxpayer_id"              \
	" WHERE t.version > COALESCE(h.version, 0)"

// clang-format off
const struct books_check books_checks[] = {
	/* ---- exclusivity */
	{ "I-01", "claim", TWICE("kind = 'declaration'") },
	{ "I-02", "claim", TWICE("kind = 'payment' OR kind = 'voucher' OR kind = 'batch'") },
	{ "I-22", "claim", TWICE("kind = 'tax_paid'") },
	{ "I-01", "levy",
	  "SELECT l.levy_no, l.state || ' without live claim of declaration ' || l.declaration_id"
	  " FROM levy l LEFT JOIN claim c ON c.levy_no = l.levy_no AND c.kind = 'declaration'"
	  " AND c.holder = l.declaration_id WHERE (l.state = 'declaring' OR l.state = 'declared')"
	  " AND c.levy_no IS NULL" },
	{ "I-01", "claim",
	  "SELECT c.levy_no, 'declaration ' || c.holder || ' stands, its claim does not'"
	  " FROM claim c JOIN declaration d ON d.declaration_id = c.holder"
	  " AND d.taxpayer_id = c.taxpayer_id WHERE c.kind = 'declaration' AND c.live = 0"
	  " AND d.state IN ('pending', 'accepted', 'voiding')" },
	{ "I-01", "levy",
	  "SELECT l.levy_no, l.state || ', but its declaration is ' || d.state"
	  " FROM claim c JOIN levy l ON l.levy_no = c.levy_no AND l.taxpayer_id = c.taxpayer_id"
	  " JOIN declaration d ON d.declaration_id = c.holder AND d.taxpayer_id = c.taxpayer_id"
	  " WHERE c.kind = 'declaration' AND c.live = 1 AND d.state IN ('pending', 'accepted', 'voiding')"
	  " AND (l.declaration_id <> d.declaration_id OR l.state <>"
	  " CASE d.state WHEN 'pending' THEN 'declaring' ELSE 'declared' END)"
	  " AND (d.state <> 'accepted' OR NOT EXISTS (SELECT 1 FROM work w"
	  " WHERE w.taxpayer_id = d.taxpayer_id AND w.kind = 'declaration' AND w.holder = d.declaration_id))" },
	{ "I-01", "declaration",
	  "SELECT d.declaration_id, d.state || ', but holds levies' FROM declaration d"
	  " WHERE d.state IN ('rejected', 'voided') AND EXISTS (SELECT 1 FROM claim c"
	  " WHERE c.taxpayer_id = d.taxpayer_id AND c.kind = 'declaration' AND c.holder = d.declaration_id AND c.live = 1)" },
	{ "I-02", "levy",
	  "SELECT l.levy_no, l.pay_state || ', but held by ' || COALESCE(c.kind, 'nothing') || ' '"
	  " || COALESCE(c.holder, '') || ' ' || COALESCE(p.state, COALESCE(v.state, ''))"
	  " FROM levy l LEFT JOIN claim c ON c.taxpayer_id = l.taxpayer_id AND c.levy_no = l.levy_no"
	  " AND c.live = 1 AND (c.kind = 'payment' OR c.kind = 'voucher')"
	  " LEFT JOIN payment p ON c.kind = 'payment' AND p.payment_no = c.holder AND p.taxpayer_id = c.taxpayer_id"
	  " LEFT JOIN voucher v ON c.kind = 'voucher' AND v.voucher_no = c.holder AND v.taxpayer_id = c.taxpayer_id"
	  " WHERE (c.kind IS NULL AND l.pay_state <> 'unpaid')"
	  " OR (p.state IN ('created', 'sent') AND l.pay_state <> 'paying')"
	  " OR (p.state = 'unknown' AND l.pay_state <> 'unconfirmed')"
	  " OR (p.state = 'succeeded' AND l.pay_state <> 'settled')"
	  " OR (v.state = 'issued' AND l.pay_state <> 'vouchered')"
	  " OR (v.state = 'paid' AND l.pay_state <> 'settled')" },
	{ "I-02", "levy",
	  "SELECT l.levy_no, 'names payment ' || l.payment_no || ' and voucher ' || l.voucher_no"
	  " FROM levy l LEFT JOIN claim c ON c.taxpayer_id = l.taxpayer_id AND c.levy_no = l.levy_no"
	  " AND c.live = 1 AND (c.kind = 'payment' OR c.kind = 'voucher')"
	  " WHERE l.payment_no <> CASE WHEN c.kind = 'payment' THEN c.holder ELSE '' END"
	  " OR l.voucher_no <> CASE WHEN c.kind = 'voucher' THEN c.holder ELSE '' END" },
	{ "I-02", "payment",
	  "SELECT DISTINCT p.payment_no, p.state || ', but holds levies' FROM payment p"
	  " JOIN claim c ON c.taxpayer_id = p.taxpayer_id AND c.kind = 'payment' AND c.holder = p.payment_no AND c.live = 1"
	  " WHERE p.state IN ('refused', 'reversed')" },
	{ "I-02", "payment",
	  "SELECT DISTINCT p.payment_no, p.state || ', but its levies are free' FROM payment p"
	  " JOIN claim c ON c.taxpayer_id = p.taxpayer_id AND c.kind = 'payment' AND c.holder = p.payment_no AND c.live = 0"
	  " WHERE p.state NOT IN ('refused', 'reversed')" },
	{ "I-18", "voucher",
	  "SELECT DISTINCT v.voucher_no, v.state || ', but holds levies' FROM voucher v"
	  " JOIN claim c ON c.taxpayer_id = v.taxpayer_id AND c.kind = 'voucher' AND c.holder = v.voucher_no AND c.live = 1"
	  " WHERE v.state IN ('voided', 'expired')" },
	{ "I-18", "voucher",
	  "SELECT DISTINCT v.voucher_no, v.state || ', but its levies are free' FROM voucher v"
	  " JOIN claim c ON c.taxpayer_id = v.taxpayer_id AND c.kind = 'voucher' AND c.holder = v.voucher_no AND c.live = 0"
	  " WHERE v.state IN ('issued', 'paid')" },
	{ "I-03", "levy",
	  "SELECT l.levy_no, l.state || ' in a declaration' FROM levy l"
	  " WHERE l.state IN ('initial', 'written_off', 'batch_listed') AND l.declaration_id <> ''" },
	{ "I-03", "levy",
	  "SELECT l.levy_no, l.state || ', but its pay state is ' || l.pay_state FROM levy l"
	  " WHERE l.state <> 'declared' AND l.pay_state <> 'unpaid'" },
	{ "I-03", "levy",
	  "SELECT l.levy_no, l.state || ' and batch list do not agree' FROM levy l"
	  " WHERE CASE WHEN l.state = 'batch_listed' THEN 1 ELSE 0 END <> (SELECT COUNT(*) FROM claim c"
	  " WHERE c.kind = 'batch' AND c.live = 1 AND c.levy_no = l.levy_no AND c.taxpayer_id = l.taxpayer_id)" },
	{ "I-05", "declaration",
	  "SELECT DISTINCT d.declaration_id, d.state || ', but a levy is held by ' || c.kind"
	  " FROM declaration d JOIN claim m ON m.taxpayer_id = d.taxpayer_id AND m.kind = 'declaration' AND m.holder = d.declaration_id"
	  " AND m.live = 1 JOIN claim c ON c.levy_no = m.levy_no AND c.taxpayer_id = m.taxpayer_id"
	  " AND c.live = 1 AND (c.kind = 'payment' OR c.kind = 'voucher') WHERE d.state <> 'accepted'" },
	{ "I-06", "claim",
	  "SELECT c.levy_no, c.kind || ' ' || c.holder || ' claims a levy of ' || COALESCE(l.taxpayer_id, 'nobody')"
	  " FROM claim c LEFT JOIN levy l ON l.levy_no = c.levy_no"
	  " WHERE l.levy_no IS NULL OR l.taxpayer_id <> c.taxpayer_id" },
	{ "I-06", "claim", STRANGER("declaration", "declaration_id") },
	{ "I-06", "claim", STRANGER("payment", "payment_no") },
	{ "I-06", "claim", STRANGER("voucher", "voucher_no") },
	{ "I-06", "levy",
	  "SELECT levy_no, 'belongs to ' || COUNT(*) || ' employers' FROM levy GROUP BY levy_no HAVING COUNT(*) > 1" },
	{ "I-06", "levy",
	  "SELECT l.levy_no, 'unit ' || l.unit_no || ' is not its employer''s' FROM levy l WHERE NOT EXISTS"
	  " (SELECT 1 FROM unit u WHERE u.taxpayer_id = l.taxpayer_id AND u.unit_no = l.unit_no)" },

	/* ---- money */
	{ "I-08", "levy",
	  "SELECT DISTINCT l.levy_no, l.amount || ' fen, claimed with ' || c.amount FROM levy l"
	  " JOIN claim c ON c.levy_no = l.levy_no AND c.taxpayer_id = l.taxpayer_id AND c.live = 1"
	  " AND c.kind = 'declaration' WHERE c.amount <> l.amount" },
	{ "I-08", "claim",
	  "SELECT c.levy_no, c.kind || ' ' || c.holder || ': ' || c.amount || ' fen of ' || l.amount"
	  " FROM claim c JOIN levy l ON l.levy_no = c.levy_no AND l.taxpayer_id = c.taxpayer_id"
	  " JOIN claim d ON d.levy_no = c.levy_no AND d.kind = 'declaration' AND d.live = 1"
	  " AND d.taxpayer_id = c.taxpayer_id AND d.amount = l.amount"
	  " WHERE c.kind <> 'declaration' AND c.live = 1 AND c.amount <> l.amount" },
	{ "I-08", "declaration", SUM_OF("'declaration'", "declaration", "declaration_id") },
	{ "I-08", "payment", SUM_OF("'payment'", "payment", "payment_no") },
	{ "I-08", "voucher", SUM_OF("'voucher'", "voucher", "voucher_no") },
	{ "I-24", "certificate", SUM_OF("'tax_paid', 'payment_proof'", "certificate", "certificate_no") },
	{ "I-08", "batch_list", SUM_OF("'batch'", "batch_list", "batch_list_no") },
	{ "I-09", "levy",
	  "SELECT l.levy_no, 'ticket ' || l.tax_ticket_no || ' of ' || l.settled_on || ', paid with '"
	  " || p.tax_ticket_no || ' of ' || p.settled_on FROM levy l JOIN payment p"
	  " ON p.payment_no = l.payment_no AND p.taxpayer_id = l.taxpayer_id WHERE l.pay_state = 'settled' AND p.state = 'succeeded'"
	  " AND p.settled_on <> ''"
	  " AND (l.tax_ticket_no <> p.tax_ticket_no OR l.settled_on <> p.settled_on)" },
	{ "I-09", "levy",
	  "SELECT l.levy_no, 'ticket ' || l.tax_ticket_no || ', paid with voucher ' || l.voucher_no"
	  " FROM levy l WHERE l.pay_state = 'settled' AND l.voucher_no <> ''"
	  " AND (l.tax_ticket_no <> l.voucher_no OR l.settled_on = '')" },
	{ "I-09", "levy",
	  "SELECT l.levy_no, l.pay_state || ', but has ticket ' || l.tax_ticket_no FROM levy l"
	  " WHERE l.pay_state <> 'settled' AND (l.tax_ticket_no <> '' OR l.settled_on <> '')" },
	{ "I-09", "declaration",
	  "SELECT d.declaration_id, d.paid_state || ': ' || s.paid || ' of ' || s.n || ' paid'"
	  " FROM declaration d JOIN (SELECT c.taxpayer_id, c.holder, COUNT(*) AS n,"
	  " SUM(CASE WHEN l.pay_state = 'settled' THEN 1 ELSE 0 END) AS paid FROM claim c"
	  " JOIN levy l ON l.levy_no = c.levy_no AND l.taxpayer_id = c.taxpayer_id"
	  " WHERE c.kind = 'declaration' AND c.live = 1 GROUP BY c.taxpayer_id, c.holder) s"
	  " ON s.holder = d.declaration_id AND s.taxpayer_id = d.taxpayer_id WHERE d.paid_state <>"
	  " CASE WHEN s.paid = 0 THEN 'unpaid' WHEN s.paid < s.n THEN 'partly_paid' ELSE 'paid' END" },
	{ "I-10", "levy", "SELECT levy_no, amount || ' fen' FROM levy WHERE amount < 0" },
	{ "I-10", "payment",
	  "SELECT p.payment_no, p.amount || ' fen in the outbox' FROM payment p JOIN outbox o"
	  " ON o.message_key = p.payment_no AND o.taxpayer_id = p.taxpayer_id WHERE p.amount <= 0" },
	{ "I-12", "payment",
	  "SELECT p.payment_no, 'agreement ' || p.agreement_no || ' is not its employer''s' FROM payment p"
	  " WHERE NOT EXISTS (SELECT 1 FROM agreement a WHERE a.agreement_no = p.agreement_no"
	  " AND a.taxpayer_id = p.taxpayer_id)" },

	/* ---- unknown outcomes */
	{ "I-14", "payment",
	  "SELECT p.payment_no, p.state || ', but its message is ' || COALESCE(o.state, 'missing')"
	  " FROM payment p LEFT JOIN outbox o ON o.message_key = p.payment_no AND o.taxpayer_id = p.taxpayer_id"
	  " WHERE p.amount > 0"
	  " AND (o.state IS NULL OR (p.state IN ('succeeded', 'refused', 'reversed') AND o.state <> 'done')"
	  " OR (p.state IN ('created', 'sent', 'unknown') AND o.state = 'done')"
	  " OR (p.state = 'created' AND o.attempts > 0)"
	  " OR (p.state NOT IN ('created', 'reversed') AND o.attempts = 0))" },
	{ "I-14", "outbox",
	  "SELECT o.message_key, o.kind || ' without payment' FROM outbox o WHERE o.kind = 'debit'"
	  " AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.payment_no = o.message_key"
	  " AND p.taxpayer_id = o.taxpayer_id)" },
	{ "I-18", "voucher",
	  "SELECT v.voucher_no, v.state || ', but its counter message is ' || COALESCE(o.state, 'missing')"
	  " FROM voucher v LEFT JOIN outbox o ON o.message_key = v.voucher_no AND o.taxpayer_id = v.taxpayer_id AND o.kind = 'counter'"
	  " WHERE (v.state = 'paid' AND COALESCE(o.state, '') <> 'done')"
	  " OR (v.state <> 'paid' AND COALESCE(o.state, '') = 'done')" },
	{ "I-16", "payment",
	  "SELECT p.payment_no, p.state || ' since ' || p.finished_at || ', settled on ' || p.settled_on"
	  " FROM payment p WHERE (p.state IN ('succeeded', 'reversed')) <> (p.settled_on <> '')"
	  " OR (p.state IN ('succeeded', 'refused', 'reversed')) <> (p.finished_at <> 0) OR"
	  " (p.state NOT IN ('succeeded', 'reversed') AND p.result_code = '90000')" },
	{ "I-11", "payment",
	  "SELECT p.payment_no, p.state || ', but the message of its reversal is ' || COALESCE(o.state, 'missing')"
	  " FROM payment p LEFT JOIN outbox o ON o.message_key = p.payment_no || '/reverse' AND o.kind = 'reverse'"
	  " AND o.taxpayer_id = p.taxpayer_id WHERE (p.state = 'reversed') <> (COALESCE(o.state, '') = 'done')"
	  " OR (p.state <> 'succeeded' AND COALESCE(o.state, 'done') <> 'done')" },
	{ "I-11", "outbox",
	  "SELECT o.message_key, 'reversal of no payment' FROM outbox o WHERE o.kind = 'reverse'"
	  " AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.payment_no || '/reverse' = o.message_key"
	  " AND p.taxpayer_id = o.taxpayer_id)" },

	{ "I-07", "payment",
	  "SELECT MIN(payment_no), COUNT(*) || ' payments with serial ' || serial || ' of ' || entrust_date"
	  " FROM payment WHERE serial <> '' GROUP BY entrust_date, serial HAVING COUNT(*) > 1" },

	/* ---- certificates */
	{ "I-22", "levy",
	  "SELECT l.levy_no, 'certificate ' || l.certificate_no || ' instead of ' || COALESCE(c.holder, 'none')"
	  " FROM levy l LEFT JOIN claim c ON c.taxpayer_id = l.taxpayer_id AND c.levy_no = l.levy_no"
	  " AND c.kind = 'tax_paid' AND c.live = 1 WHERE l.certificate_no <> COALESCE(c.holder, '')" },
	{ "I-23", "certificate",
	  "SELECT certificate_no, state || ', delivered at ' || delivered_at || ', ' || reprints || ' reprints'"
	  " FROM certificate WHERE (state = 'issued' AND (delivered_at <> 0 OR reprints <> 0))"
	  " OR (state = 'delivered' AND delivered_at = 0) OR reprints < 0" },
	{ "I-24", "certificate",
	  "SELECT DISTINCT t.certificate_no, 'levy ' || l.levy_no || ' is ' || l.pay_state"
	  " FROM certificate t JOIN claim c ON c.taxpayer_id = t.taxpayer_id AND c.holder = t.certificate_no"
	  " AND c.kind = t.kind JOIN levy l ON l.levy_no = c.levy_no AND l.taxpayer_id = c.taxpayer_id WHERE t.state <> 'invalidated' AND l.pay_state <> 'settled'" },
	{ "I-24", "certificate",
	  "SELECT DISTINCT t.certificate_no, t.state || ', but holds levies' FROM certificate t JOIN claim c"
	  " ON c.taxpayer_id = t.taxpayer_id AND c.holder = t.certificate_no AND c.kind = t.kind AND c.live = 1"
	  " WHERE t.state = 'invalidated'" },
	{ "I-24", "certificate",
	  "SELECT t.certificate_no, t.state || ', but none of its levies was given back' FROM certificate t"
	  " WHERE t.state = 'invalidated' AND NOT EXISTS (SELECT 1 FROM claim c JOIN claim p ON p.levy_no = c.levy_no"
	  " AND p.taxpayer_id = c.taxpayer_id AND p.kind = 'payment' AND p.live = 0 JOIN payment y ON y.payment_no = p.holder"
	  " AND y.taxpayer_id = p.taxpayer_id AND y.state = 'reversed' WHERE c.taxpayer_id = t.taxpayer_id"
	  " AND c.holder = t.certificate_no AND c.kind = t.kind)" },
	{ "I-24", "certificate",
	  "SELECT t.certificate_no, 'hash of its file is ' || d.sha256 FROM certificate t"
	  " JOIN document d ON d.taxpayer_id = t.taxpayer_id AND d.number = t.certificate_no AND d.reprint = 0 WHERE d.sha256 <> t.sha256" },
	{ "I-20", "voucher",
	  "SELECT v.voucher_no, 'hash of its file is ' || d.sha256 FROM voucher v"
	  " JOIN document d ON d.taxpayer_id = v.taxpayer_id AND d.number = v.voucher_no AND d.reprint = 0 WHERE d.sha256 <> v.sha256" },
	{ "I-23", "document",
	  "SELECT d.number, 'reprint ' || d.reprint || ' of ' || t.reprints FROM document d"
	  " JOIN certificate t ON t.certificate_no = d.number AND t.taxpayer_id = d.taxpayer_id WHERE d.reprint > t.reprints OR d.reprint < 0" },

	/* ---- feedback, memory of operations, order of changes */
	{ "I-30", "declaration",
	  "SELECT d.declaration_id, d.state || ' and not to be decided' FROM declaration d"
	  " WHERE d.state IN ('queued', 'pending', 'voiding') AND NOT EXISTS (SELECT 1 FROM work w"
	  " WHERE w.taxpayer_id = d.taxpayer_id AND w.kind = 'declaration' AND w.holder = d.declaration_id)" },
	{ "I-30", "declaration",
	  "SELECT d.declaration_id, d.state || ', but still to be decided' FROM declaration d"
	  " JOIN work w ON w.taxpayer_id = d.taxpayer_id AND w.kind = 'declaration' AND w.holder = d.declaration_id"
	  " WHERE d.state NOT IN ('pending', 'voiding')" },
	{ "I-30", "declaration",
	  "SELECT declaration_id, state || ', decided at ' || decided_at FROM declaration"
	  " WHERE (state = 'pending') <> (decided_at = 0)" },
	{ "I-04", "declaration", NO_OP("declaration", "declaration_id") },
	{ "I-04", "payment", NO_OP("payment", "payment_no") },
	{ "I-04", "voucher", NO_OP("voucher", "voucher_no") },
	{ "I-04", "certificate", NO_OP("certificate", "certificate_no") },
	{ "I-28", "levy", AHEAD("levy", "levy_no") },
	{ "I-28", "declaration", AHEAD("declaration", "declaration_id") },
	{ "I-28", "payment", AHEAD("payment", "payment_no") },
	{ "I-28", "voucher", AHEAD("voucher", "voucher_no") },
	{ "I-28", "certificate", AHEAD("certificate", "certificate_no") },
	{ "I-35", "op",
	  "SELECT o.op_id, 'no audit row' FROM op o WHERE NOT EXISTS"
	  " (SELECT 1 FROM audit a WHERE a.op_id = o.op_id AND a.operation = o.operation)" },
	{ "I-35", "audit",
	  "SELECT a.taxpayer_id || ' ' || a.seq, 'operation ' || a.op_id || ' is not kept' FROM audit a"
	  " WHERE a.op_id <> '' AND NOT EXISTS (SELECT 1 FROM op o WHERE o.op_id = a.op_id)" },
	{ "I-36", "proof",
	  "SELECT proof_hash, 'used at ' || used_at || ', good until ' || expires_at FROM proof"
	  " WHERE used_at < 0 OR (used_at > 0 AND used_at >= expires_at)" },
	{ "I-37", "credential",
	  "SELECT taxpayer_id, failures || ' failures, ' || locks || ' locks' FROM credential"
	  " WHERE failures < 0 OR failures >= 5 OR locks < 0 OR (locks > 0 AND locked_until = 0)" },
};
// clang-format on
const size_t books_check_count = ARRAY_LEN(books_checks);
