-- Words in braces are spelled per database: see migrate.rs. One statement, one transaction.

-- Global, tiny, read-mostly.
create table if not exists clock (
  id {uuid} not null primary key,
  stands_at {int} not null
){strict};

create table if not exists document_transition (
  kind {text} not null,
  from_status {text} not null,
  to_status {text} not null,
  primary key (kind, from_status, to_status)
){strict};

insert into document_transition (kind, from_status, to_status) values
  ('payment_request', 'pending', 'paid'),
  ('payment_request', 'pending', 'canceled'),
  ('payment_request', 'paid', 'refunded'),
  ('invoice', 'pending', 'paid'),
  ('credit_note', 'issued', 'canceled')
on conflict do nothing;

create table if not exists subscription_transition (
  from_status {text} not null,
  to_status {text} not null,
  primary key (from_status, to_status)
){strict};

insert into subscription_transition (from_status, to_status) values ('active', 'ended')
on conflict do nothing;

create table if not exists plan_change_transition (
  from_status {text} not null,
  to_status {text} not null,
  primary key (from_status, to_status)
){strict};

insert into plan_change_transition (from_status, to_status) values
  ('review', 'scheduled'),
  ('review', 'rejected'),
  ('review', 'withdrawn'),
  ('review', 'replaced'),
  ('scheduled', 'done'),
  ('scheduled', 'failed'),
  ('scheduled', 'withdrawn'),
  ('scheduled', 'replaced')
on conflict do nothing;

-- The write path.
create table if not exists tenant (
  tenant_id {uuid} not null primary key,
  slug {text} not null unique,
  clock_id {uuid} not null
){strict};

create table if not exists root (
  tenant_id {uuid} not null,
  kind {text} not null check (kind in ('tenant', 'customer', 'journal')),
  id {uuid} not null,
  version {int} not null check (version > 0),
  last_moment {int} not null,
  primary key (tenant_id, kind, id)
){strict};

create table if not exists unique_claim (
  tenant_id {uuid} not null,
  scope {text} not null,
  value {text} not null,
  command_id {uuid} not null,
  primary key (tenant_id, scope, value)
){strict};

create table if not exists journal (
  tenant_id {uuid} not null,
  command_id {uuid} not null,
  attempt {int} not null,
  actor_kind {text} not null check (actor_kind in ('operator', 'key', 'worker', 'buyer', 'provider')),
  actor_id {uuid},
  command {text} not null,
  customer_id {uuid},
  input_hash {bytes} not null,
  business_at {int} not null,
  machine_at {int} not null,
  seller_version {int} not null,
  rules_version {int} not null,
  tzdb {text} not null,
  primary key (tenant_id, command_id)
){strict};

create table if not exists journal_seal (
  tenant_id {uuid} not null,
  position {int} not null check (position > 0),
  command_id {uuid} not null,
  hash {bytes} not null,
  primary key (tenant_id, position),
  unique (tenant_id, command_id)
){strict};

create table if not exists idempotency (
  tenant_id {uuid} not null,
  route {text} not null,
  key {text} not null,
  input_hash {bytes} not null,
  command_id {uuid} not null,
  status {int},
  content_type {text},
  body {bytes},
  primary key (tenant_id, route, key)
){strict};

create table if not exists counter (
  tenant_id {uuid} not null,
  legal_entity_id {uuid} not null,
  series {text} not null,
  year {text} not null,
  value {int} not null check (value > 0),
  last_issued_on {text} not null,
  primary key (tenant_id, legal_entity_id, series, year)
){strict};

create table if not exists event (
  tenant_id {uuid} not null,
  id {uuid} not null,
  command_id {uuid} not null,
  customer_id {uuid},
  kind {text} not null,
  subject_id {uuid} not null,
  at {int} not null,
  primary key (tenant_id, id)
){strict};

create table if not exists outbox (
  tenant_id {uuid} not null,
  slot {int} not null check (slot between 0 and 255),
  destination {text} not null check (destination in ('journal')),
  command_id {uuid} not null,
  machine_at {int} not null,
  primary key (tenant_id, destination, machine_at, command_id, slot)
){strict};

create table if not exists job (
  tenant_id {uuid} not null,
  slot {int} not null check (slot between 0 and 255),
  clock_id {uuid} not null,
  due_at {int} not null,
  id {uuid} not null,
  kind {text} not null check (kind in
    ('expire_request', 'execute_change', 'execute_termination', 'bill_cycle', 'book_notice')),
  turn {int} not null,
  customer_id {uuid} not null,
  subject_id {uuid} not null,
  primary key (tenant_id, id)
){strict};

create index if not exists job_due on job (tenant_id, clock_id, due_at, turn, id, slot);

-- Slow facts: immutable versions, each row valid from its version until a later row of its thing.
create table if not exists seller_version (
  tenant_id {uuid} not null,
  version {int} not null check (version > 0),
  active_from {int} not null,
  primary key (tenant_id, version)
){strict};

create table if not exists seller_settings (
  tenant_id {uuid} not null,
  since {int} not null,
  name {text} not null,
  language {text} not null,
  currency {text} not null,
  zone {text} not null,
  payment_request_days {int} not null,
  invoice_due_days {int} not null,
  tax_rounding {text} not null check (tax_rounding in ('document', 'line')),
  external_billing {bool} not null,
  primary key (tenant_id, since)
){strict};

create table if not exists legal_entity (
  tenant_id {uuid} not null,
  id {uuid} not null,
  since {int} not null,
  place {int} not null,
  code {text} not null,
  name {text} not null,
  country {text} not null,
  tax_id {text} not null,
  tax_registration {text},
  registration_number {text},
  address {text} not null,
  zone {text} not null,
  tax_regime {text} not null,
  payment_request_prefix {text} not null,
  credit_note_prefix {text} not null,
  invoice_prefix {text} not null,
  order_confirmation_prefix {text} not null,
  primary key (tenant_id, id, since)
){strict};

create table if not exists bank_account (
  tenant_id {uuid} not null,
  legal_entity_id {uuid} not null,
  since {int} not null,
  place {int} not null,
  bank_name {text} not null,
  bank_code {text} not null,
  account {text} not null,
  correspondent_account {text},
  primary key (tenant_id, legal_entity_id, since, place),
  foreign key (tenant_id, legal_entity_id, since) references legal_entity (tenant_id, id, since)
){strict};

create table if not exists product (
  tenant_id {uuid} not null,
  id {uuid} not null,
  since {int} not null,
  place {int} not null,
  code {text} not null,
  archived {bool} not null,
  tax_class {text} not null
    check (tax_class in ('standard', 'reduced', 'lowest', 'zero', 'exempt')),
  nature {text} not null check (nature in ('service', 'goods')),
  primary key (tenant_id, id, since)
){strict};

create table if not exists plan (
  tenant_id {uuid} not null,
  product_id {uuid} not null,
  id {uuid} not null,
  since {int} not null,
  place {int} not null,
  code {text} not null,
  archived {bool} not null,
  billing {text} not null check (billing in ('anniversary', 'calendar')),
  trial_unit {text} check (trial_unit in ('days', 'months')),
  trial_length {int} check (trial_length > 0),
  change_mode {text} not null check (change_mode in ('new_period', 'co_term')),
  credit {text} not null check (credit in ('prorate', 'full', 'none')),
  day_count {text} not null check (day_count in ('actual', 'fixed30', 'second')),
  number {int} not null check (number > 0),
  changes_limited {bool} not null,
  commitment_months {int} check (commitment_months > 0),
  commitment_penalty {int} check (commitment_penalty >= 0),
  commitment_currency {text},
  notice_days {int} not null check (notice_days between 0 and 3660),
  kind {text} not null check (kind in ('main', 'addon', 'license', 'usage')),
  article {text} check (article <> ''),
  external_id {text},
  primary key (tenant_id, product_id, id, since),
  constraint article_is_said check (kind = 'main' or article is not null),
  constraint trial_is_whole check ((trial_unit is null) = (trial_length is null)),
  constraint commitment_is_whole check (
    (commitment_months is null) = (commitment_penalty is null)
    and (commitment_months is null) = (commitment_currency is null)
  ),
  foreign key (tenant_id, product_id, since) references product (tenant_id, id, since)
){strict};

-- What a plan may be changed to, where that is limited.
create table if not exists plan_rule (
  tenant_id {uuid} not null,
  plan_id {uuid} not null,
  since {int} not null,
  place {int} not null,
  to_code {text} not null,
  effect {text} not null check (effect in ('immediate', 'next_cycle')),
  primary key (tenant_id, plan_id, since, place)
){strict};

-- What comes with a main plan and costs nothing, by its article numbers.
create table if not exists plan_include (
  tenant_id {uuid} not null,
  plan_id {uuid} not null,
  since {int} not null,
  place {int} not null,
  article {text} not null,
  primary key (tenant_id, plan_id, since, place)
){strict};

create table if not exists bundle (
  tenant_id {uuid} not null,
  id {uuid} not null,
  since {int} not null,
  place {int} not null,
  number {int} not null check (number > 0),
  code {text} not null,
  primary key (tenant_id, id, since)
){strict};

create table if not exists termination_reason (
  tenant_id {uuid} not null,
  id {uuid} not null,
  since {int} not null,
  place {int} not null,
  code {text} not null,
  external_id {text},
  parent {text},
  primary key (tenant_id, id, since)
){strict};

-- What changes are measured by; the rules belong to the policy of their version.
create table if not exists risk_policy (
  tenant_id {uuid} not null,
  since {int} not null,
  valid_days {int} check (valid_days > 0),
  service_fallback {text} check (service_fallback in ('accepted', 'review', 'rejected')),
  primary key (tenant_id, since)
){strict};

create table if not exists risk_rule (
  tenant_id {uuid} not null,
  since {int} not null,
  place {int} not null,
  code {text} not null,
  measure {text} not null check (measure in
    ('price_rise', 'overdue', 'tenure', 'recent_changes', 'commitment', 'credit')),
  days {int} not null,
  review {text},
  rejected {text},
  primary key (tenant_id, since, place),
  foreign key (tenant_id, since) references risk_policy (tenant_id, since)
){strict};

-- The names of products, plans, bundles, termination reasons and discounts: `owner_id` is any of
-- them.
create table if not exists catalogue_name (
  tenant_id {uuid} not null,
  owner_id {uuid} not null,
  since {int} not null,
  language {text} not null,
  name {text} not null,
  primary key (tenant_id, owner_id, since, language)
){strict};

create table if not exists plan_feature (
  tenant_id {uuid} not null,
  plan_id {uuid} not null,
  since {int} not null,
  place {int} not null,
  code {text} not null,
  primary key (tenant_id, plan_id, since, place)
){strict};

create table if not exists price (
  tenant_id {uuid} not null,
  plan_id {uuid} not null,
  id {uuid} not null,
  since {int} not null,
  currency {text} not null,
  months {int} not null check (months between 1 and 60),
  from_quantity {int} not null check (from_quantity > 0),
  valid_from {text},
  valid_until {text},
  list_price {int} not null,
  final_price {int} not null check (final_price between 0 and list_price),
  tax {text} not null check (tax in ('inclusive', 'exclusive')),
  reaches_existing {text},
  model {text} check (model in ('flat', 'per_unit', 'graduated', 'volume', 'package')),
  amount {text},
  minimum {text},
  package_size {text},
  package_free {text},
  package_partial {text} check (package_partial in ('up', 'down')),
  primary key (tenant_id, plan_id, id, since),
  constraint price_has_its_model check (
    (amount is not null) = (coalesce(model, '') in ('flat', 'per_unit', 'package'))
    and (minimum is null or model is not null)
    and (package_size is not null) = (coalesce(model, '') = 'package')
    and (package_free is not null) = (package_size is not null)
    and (package_partial is not null) = (package_size is not null)
  )
){strict};

-- The tiers of a graduated or volume price; figures in major units, as decimals.
create table if not exists price_tier (
  tenant_id {uuid} not null,
  plan_id {uuid} not null,
  price_id {uuid} not null,
  since {int} not null,
  place {int} not null,
  up_to {text},
  unit {text},
  flat {text},
  flat_at_zero {bool} not null,
  primary key (tenant_id, plan_id, price_id, since, place),
  foreign key (tenant_id, plan_id, price_id, since) references price (tenant_id, plan_id, id, since)
){strict};

create table if not exists discount (
  tenant_id {uuid} not null,
  id {uuid} not null,
  since {int} not null,
  place {int} not null,
  code {text} not null,
  percent {text},
  amount {int} check (amount > 0),
  currency {text},
  off {text} not null check (off in ('document', 'line')),
  periods {int} check (periods > 0),
  valid_from {text},
  valid_until {text},
  primary key (tenant_id, id, since),
  constraint discount_is_one check (
    (percent is null) = (amount is not null) and (amount is null) = (currency is null)
  )
){strict};

-- Access tokens.
create table if not exists access_key (
  tenant_id {uuid} not null,
  id {uuid} not null,
  secret_hash {bytes} not null,
  role {text} not null check (role in ('application', 'viewer', 'buyer', 'admin')),
  label {text} not null,
  created_at {int} not null,
  expires_at {int},
  revoked_at {int},
  primary key (tenant_id, id)
){strict};

create table if not exists access_key_customer (
  tenant_id {uuid} not null,
  key_id {uuid} not null,
  customer_id {uuid} not null,
  primary key (tenant_id, key_id, customer_id),
  foreign key (tenant_id, key_id) references access_key (tenant_id, id)
){strict};

-- The customer's aggregate.
create table if not exists customer (
  tenant_id {uuid} not null,
  id {uuid} not null,
  number {int} not null,
  code {text} not null,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, code)
){strict};

create table if not exists customer_profile (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  revision {int} not null check (revision > 0),
  name {text} not null,
  language {text} not null,
  zone {text} not null,
  currency {text} not null,
  default_payer_id {uuid},
  recorded_by {uuid} not null,
  primary key (tenant_id, customer_id, revision),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id)
){strict};

-- The discounts of a customer, in the order in which they are taken off.
create table if not exists customer_discount (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  revision {int} not null,
  place {int} not null check (place > 0),
  code {text} not null,
  primary key (tenant_id, customer_id, revision, place),
  foreign key (tenant_id, customer_id, revision)
    references customer_profile (tenant_id, customer_id, revision)
){strict};

create table if not exists payer (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  revision {int} not null check (revision > 0),
  code {text} not null,
  name {text} not null,
  country {text} not null,
  tax_id {text} not null,
  tax_registration {text},
  registration_number {text},
  address {text} not null,
  kind {text} not null check (kind in ('consumer', 'business', 'vat_registered')),
  recorded_by {uuid} not null,
  primary key (tenant_id, customer_id, id, revision),
  foreign key (tenant_id, customer_id) references customer (tenant_id, id)
){strict};

create table if not exists document (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  kind {text} not null
    check (kind in ('payment_request', 'credit_note', 'invoice', 'order_confirmation')),
  subscription_id {uuid},
  legal_entity_id {uuid} not null,
  series {text} not null,
  year {text} not null,
  prefix {text} not null,
  number {int} not null check (number > 0),
  issued_on {text} not null,
  valid_until {text},
  due_on {text},
  follows_id {uuid},
  refund_id {uuid},
  currency {text} not null,
  total {int} not null,
  payer_id {uuid} not null,
  payer_revision {int} not null,
  payer_name {text} not null,
  payer_tax_id {text} not null,
  payer_tax_registration {text},
  payer_country {text} not null,
  payer_kind {text} not null check (payer_kind in ('consumer', 'business', 'vat_registered')),
  profile_revision {int} not null,
  created_at {int} not null,
  seller_version {int} not null,
  rules_version {int} not null,
  placement {text} not null check (placement in ('behind', 'instead', 'within')),
  content_hash {bytes} not null,
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, customer_id, id, kind, total),
  unique (tenant_id, legal_entity_id, series, year, number),
  unique (tenant_id, customer_id, refund_id),
  foreign key (tenant_id, customer_id, follows_id) references document (tenant_id, customer_id, id),
  constraint only_confirmations_credit_more check (total >= 0 or kind = 'order_confirmation'),
  constraint only_invoices_are_due check (
    (kind = 'invoice') = (due_on is not null)
    and (kind not in ('invoice', 'order_confirmation') or subscription_id is not null)
  ),
  constraint only_requests_are_payable check ((kind = 'payment_request') = (valid_until is not null)),
  constraint only_notes_follow check (
    (kind = 'credit_note') = (follows_id is not null)
    and (refund_id is null or follows_id is not null)
  )
){strict};

create index if not exists document_newest on document (tenant_id, customer_id, kind, created_at, id);

create index if not exists document_by_id on document (tenant_id, id);

create table if not exists document_line (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  document_id {uuid} not null,
  position {int} not null check (position > 0),
  name {text} not null,
  quantity {int} not null check (quantity > 0),
  unit_price {int} not null,
  price_id {uuid},
  subtotal {int} not null,
  discount {int} not null check (discount >= 0),
  tax_category {text} not null check (tax_category in ('S', 'Z', 'E', 'AE', 'O', 'G', 'K')),
  tax_rate {int},
  tax_added {int} not null check (tax_added >= 0),
  total {int} not null,
  product_id {uuid} not null,
  plan_id {uuid} not null,
  term {text} not null check (term in ('months', 'until')),
  length {int} not null check (length > 0),
  term_ends_at {int},
  term_follows_at {int},
  credit {text} not null check (credit in ('prorate', 'full', 'none')),
  day_count {text} not null check (day_count in ('actual', 'fixed30', 'second')),
  part_from {text},
  part_to {text},
  part_days {int} check (part_days >= 0),
  part_of {int} check (part_of > 0),
  part_day_count {text} check (part_day_count in ('actual', 'fixed30', 'second')),
  -- Whether it counts on the licence as it stands: then another payment may overtake it.
  stands_on_licence {bool} not null,
  primary key (tenant_id, customer_id, document_id, position),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id),
  constraint line_total check (total = subtotal - discount + tax_added),
  constraint term_has_its_end check (
    (term = 'until') = (term_ends_at is not null)
    and (term = 'until' or term_follows_at is null)
  ),
  constraint part_is_whole check (
    (part_from is null) = (part_to is null) and (part_from is null) = (part_days is null)
    and (part_from is null) = (part_of is null) and (part_from is null) = (part_day_count is null)
  )
){strict};

create index if not exists document_line_on_licence
  on document_line (tenant_id, customer_id, stands_on_licence, product_id, document_id, position);

-- What discounts take off a line, in order.
create table if not exists document_discount (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  document_id {uuid} not null,
  position {int} not null,
  place {int} not null check (place > 0),
  code {text} not null,
  amount {int} not null check (amount > 0),
  primary key (tenant_id, customer_id, document_id, position, place),
  foreign key (tenant_id, customer_id, document_id, position)
    references document_line (tenant_id, customer_id, document_id, position)
){strict};

-- What a line credits of a running licence, instead of giving one.
create table if not exists document_credit (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  document_id {uuid} not null,
  position {int} not null,
  grant_id {uuid} not null,
  paid {int} not null,
  value {int} not null check (value between 0 and paid),
  internal {bool} not null,
  primary key (tenant_id, customer_id, document_id, position),
  foreign key (tenant_id, customer_id, document_id, position)
    references document_line (tenant_id, customer_id, document_id, position)
){strict};

create table if not exists document_tax (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  document_id {uuid} not null,
  position {int} not null,
  category {text} not null check (category in ('S', 'Z', 'E', 'AE', 'O', 'G', 'K')),
  rate {int},
  base {int} not null,
  tax {int} not null,
  primary key (tenant_id, customer_id, document_id, position),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id)
){strict};

create table if not exists document_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  document_id {uuid} not null,
  kind {text} not null,
  total {int} not null,
  status {text} not null check (status in ('pending', 'paid', 'canceled', 'refunded', 'issued')),
  paid {int} not null,
  credited {int} not null,
  version {int} not null check (version > 0),
  steps {int} not null check (steps > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, document_id),
  foreign key (tenant_id, customer_id, document_id, kind, total)
    references document (tenant_id, customer_id, id, kind, total),
  constraint state_paid check (paid = 0 or paid between 0 and total),
  constraint state_credited check (credited = 0 or credited between 0 and total),
  constraint state_of_its_kind check (
    (kind = 'credit_note' and status in ('issued', 'canceled') and paid = 0)
    or (kind = 'payment_request' and status <> 'issued')
    or (kind = 'invoice' and status in ('pending', 'paid') and credited = 0)
    or (kind = 'order_confirmation' and status = 'issued' and paid = 0 and credited = 0)
  ),
  constraint state_paid_in_full check (status <> 'paid' or paid = total)
){strict};

create table if not exists document_step (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  document_id {uuid} not null,
  kind {text} not null,
  seq {int} not null check (seq > 0),
  prev_seq {int},
  from_status {text},
  to_status {text} not null,
  at {int} not null,
  primary key (tenant_id, customer_id, document_id, seq),
  unique (tenant_id, customer_id, document_id, seq, to_status),
  foreign key (tenant_id, customer_id, document_id, prev_seq, from_status)
    references document_step (tenant_id, customer_id, document_id, seq, to_status),
  foreign key (kind, from_status, to_status)
    references document_transition (kind, from_status, to_status),
  constraint step_follows check (
    (seq = 1 and prev_seq is null and from_status is null
      and to_status = case when kind in ('credit_note', 'order_confirmation')
        then 'issued' else 'pending' end)
    or (seq > 1 and prev_seq is not null and prev_seq = seq - 1 and from_status is not null)
  )
){strict};

-- An invoice carries each order confirmation once.
create table if not exists document_carried (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  document_id {uuid} not null,
  invoice_id {uuid} not null,
  primary key (tenant_id, customer_id, document_id),
  foreign key (tenant_id, customer_id, document_id)
    references document (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, invoice_id)
    references document (tenant_id, customer_id, id)
){strict};

create table if not exists payment (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  legal_entity_id {uuid} not null,
  source {text} not null check (source in ('bank_transfer', 'checkout')),
  reference {text} not null,
  amount {int} not null check (amount > 0),
  currency {text} not null,
  received_at {int} not null,
  recouped {int} not null check (recouped >= 0),
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, source, reference),
  constraint recouped_is_a_part check (recouped <= amount)
){strict};

create table if not exists allocation (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  payment_id {uuid},
  document_id {uuid} not null,
  amount {int} not null check (amount > 0),
  at {int} not null,
  primary key (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, payment_id) references payment (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id)
){strict};

create table if not exists transfer (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  legal_entity_id {uuid} not null,
  currency {text} not null,
  debit {text} not null,
  credit {text} not null,
  amount {int} not null check (amount > 0),
  cause {text} not null check (cause in
    ('payment', 'allocation', 'invoicing', 'settlement', 'release', 'crediting',
      'refund', 'notice')),
  cause_id {uuid} not null,
  at {int} not null,
  primary key (tenant_id, customer_id, id),
  constraint transfer_moves check (debit <> credit)
){strict};

create table if not exists balance (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  legal_entity_id {uuid} not null,
  account {text} not null,
  currency {text} not null,
  amount {int} not null check (amount >= 0),
  primary key (tenant_id, customer_id, legal_entity_id, account, currency)
){strict};

create table if not exists subscription (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  number {int} not null,
  product_id {uuid} not null,
  created_at {int} not null,
  recurring {bool} not null,
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, number)
){strict};

-- What is agreed about a subscription that lives in cycles; where it stands is beside it.
create table if not exists agreement (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  plan_id {uuid} not null,
  legal_entity_id {uuid} not null,
  zone {text} not null,
  started_on {text} not null,
  sold_on {text} not null,
  months {int} not null check (months > 0),
  billing_day {int} not null check (billing_day between 1 and 31),
  origin {text} not null check (origin in ('new', 'ported', 'migrated')),
  bundle_id {uuid},
  msisdn {text},
  imsi {text},
  iccid {text},
  primary key (tenant_id, customer_id, subscription_id),
  foreign key (tenant_id, customer_id, subscription_id)
    references subscription (tenant_id, customer_id, id)
){strict};

create table if not exists subscription_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  status {text} not null check (status in ('active', 'ended')),
  plan_id {uuid} not null,
  quantity {int} not null check (quantity > 0),
  cycle {int} not null check (cycle > 0),
  billed_until {text} not null,
  ends_on {text},
  end_reason {text},
  job_id {uuid},
  version {int} not null check (version > 0),
  steps {int} not null check (steps > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, subscription_id),
  foreign key (tenant_id, customer_id, subscription_id)
    references agreement (tenant_id, customer_id, subscription_id),
  constraint active_has_work check ((status = 'active') = (job_id is not null)),
  constraint end_has_its_reason check ((ends_on is null) = (end_reason is null)),
  constraint ended_has_its_end check (status = 'active' or ends_on is not null)
){strict};

create table if not exists subscription_step (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  seq {int} not null check (seq > 0),
  prev_seq {int},
  from_status {text},
  to_status {text} not null,
  reason {text},
  at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, subscription_id, seq),
  unique (tenant_id, customer_id, subscription_id, seq, to_status),
  foreign key (tenant_id, customer_id, subscription_id)
    references agreement (tenant_id, customer_id, subscription_id),
  foreign key (tenant_id, customer_id, subscription_id, prev_seq, from_status)
    references subscription_step (tenant_id, customer_id, subscription_id, seq, to_status),
  foreign key (from_status, to_status)
    references subscription_transition (from_status, to_status),
  constraint step_follows check (
    (seq = 1 and prev_seq is null and from_status is null and to_status = 'active')
    or (seq > 1 and prev_seq is not null and prev_seq = seq - 1 and from_status is not null)
  )
){strict};

-- The cycles that were billed: each begins where the one before ended, and has one invoice.
create table if not exists billing_cycle (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  seq {int} not null check (seq > 0),
  prev_seq {int},
  starts_on {text} not null,
  ends_on {text} not null,
  chained_start {text},
  document_id {uuid} not null,
  primary key (tenant_id, customer_id, subscription_id, seq),
  unique (tenant_id, customer_id, subscription_id, seq, ends_on),
  unique (tenant_id, customer_id, document_id),
  foreign key (tenant_id, customer_id, subscription_id)
    references agreement (tenant_id, customer_id, subscription_id),
  foreign key (tenant_id, customer_id, subscription_id, prev_seq, chained_start)
    references billing_cycle (tenant_id, customer_id, subscription_id, seq, ends_on),
  foreign key (tenant_id, customer_id, document_id)
    references document (tenant_id, customer_id, id),
  constraint cycle_follows check (
    (seq = 1 and prev_seq is null and chained_start is null)
    or (seq > 1 and prev_seq is not null and prev_seq = seq - 1
        and chained_start is not null and chained_start = starts_on)
  ),
  constraint cycle_has_length check (starts_on < ends_on)
){strict};

create table if not exists commitment (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  subscription_id {uuid} not null,
  plan_id {uuid} not null,
  starts_on {text} not null,
  ends_on {text} not null,
  penalty {int} not null check (penalty >= 0),
  currency {text} not null,
  primary key (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, subscription_id)
    references subscription (tenant_id, customer_id, id),
  constraint commitment_has_length check (starts_on < ends_on)
){strict};

-- What was added to a subscription, and is billed with it; where it stands is beside it.
create table if not exists product_group (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  parent_id {uuid} not null,
  kind {text} not null check (kind in ('optional', 'included')),
  plan_id {uuid} not null,
  quantity {int} not null check (quantity > 0),
  added_by {text} not null,
  primary key (tenant_id, customer_id, subscription_id),
  unique (tenant_id, customer_id, subscription_id, kind),
  foreign key (tenant_id, customer_id, subscription_id)
    references subscription (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, parent_id)
    references agreement (tenant_id, customer_id, subscription_id)
){strict};

create index if not exists product_group_of_subscription
  on product_group (tenant_id, customer_id, parent_id, subscription_id);

create table if not exists product_group_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  kind {text} not null,
  status {text} not null check (status in ('active', 'terminated')),
  billed_until {text},
  ended_at {int},
  version {int} not null check (version > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, subscription_id),
  foreign key (tenant_id, customer_id, subscription_id, kind)
    references product_group (tenant_id, customer_id, subscription_id, kind),
  constraint only_optional_is_billed check ((kind = 'optional') = (billed_until is not null)),
  constraint terminated_has_its_end check ((status = 'terminated') = (ended_at is not null))
){strict};

-- How product groups end: asked for, or brought about. Where each termination stands is beside it.
create table if not exists termination (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  group_id {uuid} not null,
  parent_id {uuid} not null,
  type {text} not null check (type in
    ('at_billing_period_end', 'at_binding_period_end', 'immediately')),
  source {text} not null check (source in
    ('direct', 'plan', 'customer_expiration', 'update', 'unpaid')),
  scheduled_at {int} not null,
  reason_id {uuid},
  comment {text} not null,
  behaviour {text} not null check (behaviour in ('prorate', 'full', 'none')),
  credit_kind {text} not null check (credit_kind in ('normal', 'internal')),
  anchor_at {int},
  requested_at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, group_id)
    references product_group (tenant_id, customer_id, subscription_id),
  foreign key (tenant_id, customer_id, parent_id)
    references agreement (tenant_id, customer_id, subscription_id),
  constraint only_proration_has_an_anchor check (anchor_at is null or behaviour = 'prorate')
){strict};

create index if not exists termination_of_subscription
  on termination (tenant_id, customer_id, parent_id, requested_at, id);

create table if not exists termination_text (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  termination_id {uuid} not null,
  place {int} not null check (place > 0),
  text {text} not null,
  primary key (tenant_id, customer_id, termination_id, place),
  foreign key (tenant_id, customer_id, termination_id)
    references termination (tenant_id, customer_id, id)
){strict};

create table if not exists termination_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  termination_id {uuid} not null,
  status {text} not null check (status in ('scheduled', 'done', 'withdrawn', 'overtaken')),
  job_id {uuid},
  document_id {uuid},
  version {int} not null check (version > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, termination_id),
  foreign key (tenant_id, customer_id, termination_id)
    references termination (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, document_id)
    references document (tenant_id, customer_id, id),
  constraint scheduled_has_work check ((status = 'scheduled') = (job_id is not null)),
  constraint only_done_credits check (document_id is null or status = 'done')
){strict};

-- Changes of a subscription's plan: the log. Where each stands is beside it.
create table if not exists plan_change (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  number {int} not null,
  subscription_id {uuid} not null,
  from_plan_id {uuid} not null,
  to_plan_id {uuid} not null,
  effective_on {text} not null,
  requested_at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, customer_id, subscription_id)
    references agreement (tenant_id, customer_id, subscription_id),
  constraint change_changes check (from_plan_id <> to_plan_id)
){strict};

create index if not exists plan_change_of_subscription
  on plan_change (tenant_id, customer_id, subscription_id, requested_at, id);

create table if not exists plan_change_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  change_id {uuid} not null,
  status {text} not null check (status in
    ('review', 'scheduled', 'done', 'withdrawn', 'replaced', 'rejected', 'failed')),
  due_at {int} not null,
  job_id {uuid},
  document_id {uuid},
  version {int} not null check (version > 0),
  steps {int} not null check (steps > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, change_id),
  foreign key (tenant_id, customer_id, change_id)
    references plan_change (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, document_id)
    references document (tenant_id, customer_id, id),
  constraint only_scheduled_has_work check (job_id is null or status = 'scheduled'),
  constraint only_done_is_confirmed check (document_id is null or status = 'done')
){strict};

create table if not exists plan_change_step (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  change_id {uuid} not null,
  seq {int} not null check (seq > 0),
  prev_seq {int},
  from_status {text},
  to_status {text} not null,
  reason {text},
  at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, change_id, seq),
  unique (tenant_id, customer_id, change_id, seq, to_status),
  foreign key (tenant_id, customer_id, change_id)
    references plan_change (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, change_id, prev_seq, from_status)
    references plan_change_step (tenant_id, customer_id, change_id, seq, to_status),
  foreign key (from_status, to_status)
    references plan_change_transition (from_status, to_status),
  constraint step_follows check (
    (seq = 1 and prev_seq is null and from_status is null
      and to_status in ('review', 'scheduled', 'rejected'))
    or (seq > 1 and prev_seq is not null and prev_seq = seq - 1 and from_status is not null)
  )
){strict};

-- What was decided about the risk of a change, from what, and by whom.
create table if not exists risk_decision (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  change_id {uuid} not null,
  verdict {text} not null check (verdict in ('accepted', 'review', 'rejected')),
  decided_by {text} not null check (decided_by in ('rules', 'operator')),
  decider {text},
  note {text},
  decided_at {int} not null,
  lapses_on {text},
  currency {text} not null,
  price_before {int} not null,
  price_after {int} not null,
  overdue {int} not null check (overdue >= 0),
  credit {int} not null check (credit >= 0),
  tenure_days {int} not null,
  commitment_days {int} not null check (commitment_days >= 0),
  requests {int} not null check (requests >= 0),
  primary key (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, change_id)
    references plan_change (tenant_id, customer_id, id),
  constraint operator_has_a_name check ((decided_by = 'operator') = (decider is not null)),
  constraint only_rules_review check (verdict <> 'review' or decided_by = 'rules')
){strict};

create table if not exists risk_finding (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  decision_id {uuid} not null,
  place {int} not null check (place > 0),
  rule {text} not null,
  verdict {text} not null check (verdict in ('accepted', 'review', 'rejected')),
  reason {text} not null,
  primary key (tenant_id, customer_id, decision_id, place),
  foreign key (tenant_id, customer_id, decision_id)
    references risk_decision (tenant_id, customer_id, id)
){strict};

-- What travels to the billing system behind. The state repeats when it was queued, so that the
-- oldest one of a customer is found in one index.
create table if not exists delivery (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  subscription_id {uuid} not null,
  kind {text} not null check (kind in ('add', 'terminate')),
  article_number {text},
  quantity {int},
  behaviour {text} check (behaviour in ('prorate', 'full', 'none')),
  ended_at {int},
  internal {bool},
  comment {text},
  queued_at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, customer_id, id, queued_at),
  unique (tenant_id, customer_id, subscription_id, kind),
  foreign key (tenant_id, customer_id, subscription_id)
    references subscription (tenant_id, customer_id, id),
  constraint an_addition_has_an_article check (
    (kind = 'add' and article_number is not null and quantity is not null and quantity > 0
      and behaviour is null and ended_at is null and internal is null and comment is null)
    or (kind = 'terminate' and article_number is null and quantity is null
      and behaviour is not null and ended_at is not null and internal is not null and comment is not null)
  )
){strict};

create index if not exists delivery_queued on delivery (tenant_id, queued_at, id);

create table if not exists delivery_text (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  delivery_id {uuid} not null,
  place {int} not null check (place > 0),
  text {text} not null,
  primary key (tenant_id, customer_id, delivery_id, place),
  foreign key (tenant_id, customer_id, delivery_id)
    references delivery (tenant_id, customer_id, id)
){strict};

create table if not exists delivery_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  delivery_id {uuid} not null,
  slot {int} not null check (slot between 0 and 255),
  queued_at {int} not null,
  status {text} not null check (status in ('pending', 'delivered', 'failed')),
  attempts {int} not null check (attempts >= 0),
  next_at {int},
  trouble {text},
  external_id {text},
  answer {text},
  replayed_at {int},
  version {int} not null check (version > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, delivery_id),
  foreign key (tenant_id, customer_id, delivery_id, queued_at)
    references delivery (tenant_id, customer_id, id, queued_at),
  constraint delivered_is_answered check (
    (status = 'delivered' and attempts > 0 and answer is not null and trouble is null)
    or (status <> 'delivered' and answer is null and external_id is null)
  ),
  constraint only_pending_has_a_time check (next_at is null or status = 'pending'),
  constraint failed_says_why check (status <> 'failed' or trouble is not null)
){strict};

create index if not exists delivery_due
  on delivery_state (tenant_id, status, next_at, delivery_id, slot);

create index if not exists delivery_in_turn
  on delivery_state (tenant_id, customer_id, status, queued_at, delivery_id);

create table if not exists licence_grant (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  subscription_id {uuid} not null,
  plan_id {uuid} not null,
  quantity {int} not null check (quantity > 0),
  term {text} not null check (term in ('months', 'until', 'days')),
  length {int} not null check (length > 0),
  term_ends_at {int},
  term_follows_at {int},
  given_at {int} not null,
  zone {text} not null,
  placement {text} not null check (placement in ('behind', 'instead', 'within')),
  origin {text} not null check (origin in ('paid', 'billed', 'by_hand', 'trial')),
  document_id {uuid},
  position {int},
  reason {text},
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, subscription_id)
    references subscription (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, document_id, position)
    references document_line (tenant_id, customer_id, document_id, position),
  constraint grant_has_its_origin check (
    (origin in ('paid', 'billed')) = (document_id is not null) and (origin = 'by_hand') = (reason is not null)
  ),
  constraint billed_has_its_line check ((origin = 'billed') = (position is not null)),
  constraint term_has_its_end check (
    (term = 'until') = (term_ends_at is not null)
    and (term = 'until' or term_follows_at is null)
  )
){strict};

-- Money that went back.
create table if not exists refund (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  document_id {uuid} not null,
  amount {int} not null check (amount >= 0),
  currency {text} not null,
  destination {text} not null check (destination in ('bank', 'credit')),
  reference {text} not null,
  reason {text} not null,
  at {int} not null,
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, reference),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id)
){strict};

-- Attempts to pay at a payment provider: the id is the key under which the provider knows one.
create table if not exists checkout (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  document_id {uuid} not null,
  provider {text} not null,
  amount {int} not null check (amount > 0),
  currency {text} not null,
  language {text} not null,
  started_at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id)
){strict};

create index if not exists checkout_by_id on checkout (tenant_id, id);

create index if not exists checkout_of_document
  on checkout (tenant_id, customer_id, document_id, started_at, id);

create table if not exists checkout_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  checkout_id {uuid} not null,
  slot {int} not null check (slot between 0 and 255),
  status {text} not null check (status in
    ('starting', 'open', 'refused', 'expired', 'failed', 'paid')),
  external_id {text},
  url {text},
  trouble {text},
  asked {int} not null check (asked >= 0),
  next_at {int},
  version {int} not null check (version > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, checkout_id),
  foreign key (tenant_id, customer_id, checkout_id) references checkout (tenant_id, customer_id, id),
  constraint open_leads_somewhere check (
    status <> 'open' or (external_id is not null and url is not null)
  ),
  constraint only_open_is_asked check (next_at is null or status = 'open')
){strict};

create index if not exists checkout_due
  on checkout_state (tenant_id, status, next_at, checkout_id, slot);

-- Money that is to go back through the provider by which it came: the id is the key under which
-- the provider knows it.
create table if not exists provider_refund (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  document_id {uuid} not null,
  payment_id {uuid} not null,
  provider {text} not null,
  paid_as {text} not null,
  amount {int} not null check (amount > 0),
  currency {text} not null,
  reference {text} not null,
  reason {text} not null,
  asked_at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, reference),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, payment_id) references payment (tenant_id, customer_id, id)
){strict};

create index if not exists provider_refund_in_order
  on provider_refund (tenant_id, asked_at, id);

create table if not exists provider_refund_state (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  provider_refund_id {uuid} not null,
  slot {int} not null check (slot between 0 and 255),
  status {text} not null check (status in ('pending', 'done', 'refused', 'unknown')),
  known_as {text},
  trouble {text},
  calls {int} not null check (calls >= 0),
  called_at {int},
  next_at {int},
  version {int} not null check (version > 0),
  updated_at {int} not null,
  primary key (tenant_id, customer_id, provider_refund_id),
  foreign key (tenant_id, customer_id, provider_refund_id)
    references provider_refund (tenant_id, customer_id, id),
  constraint done_has_a_name check ((status = 'done') = (known_as is not null)),
  constraint only_pending_is_asked check ((next_at is not null) = (status = 'pending')),
  constraint called_has_a_time check ((calls > 0) = (called_at is not null))
){strict};

create index if not exists provider_refund_due
  on provider_refund_state (tenant_id, status, next_at, provider_refund_id, slot);

-- What payment providers told, each message and each payment, refund and dispute once.
create table if not exists provider_notice (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  id {uuid} not null,
  provider {text} not null,
  event {text} not null,
  checkout_id {uuid},
  document_id {uuid} not null,
  kind {text} not null check (kind in
    ('paid', 'failed', 'expired', 'refunded', 'refund_failed', 'disputed', 'dispute_won', 'other')),
  payment {text},
  reference {text},
  amount {int} check (amount > 0),
  currency {text},
  why {text},
  heard_at {int} not null,
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, id),
  unique (tenant_id, provider, event),
  unique (tenant_id, provider, kind, reference),
  foreign key (tenant_id, customer_id, checkout_id) references checkout (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, document_id) references document (tenant_id, customer_id, id),
  constraint money_has_its_currency check ((amount is null) = (currency is null))
){strict};

create index if not exists provider_notice_of_document
  on provider_notice (tenant_id, customer_id, document_id, id);

-- What was booked of it: money that was taken back, and money that was given again.
create table if not exists payment_return (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  notice_id {uuid} not null,
  payment_id {uuid} not null,
  refund_id {uuid},
  from_credit {int} not null check (from_credit >= 0),
  owed {int} not null check (owed >= 0),
  currency {text} not null,
  at {int} not null,
  primary key (tenant_id, customer_id, notice_id),
  foreign key (tenant_id, customer_id, notice_id)
    references provider_notice (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, payment_id) references payment (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, refund_id) references refund (tenant_id, customer_id, id)
){strict};

create table if not exists payment_return_undone (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  notice_id {uuid} not null,
  returned_id {uuid} not null,
  recouped {int} not null check (recouped >= 0),
  to_credit {int} not null check (to_credit >= 0),
  currency {text} not null,
  at {int} not null,
  primary key (tenant_id, customer_id, notice_id),
  unique (tenant_id, customer_id, returned_id),
  foreign key (tenant_id, customer_id, notice_id)
    references provider_notice (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, returned_id)
    references payment_return (tenant_id, customer_id, notice_id)
){strict};

-- What a refund left of a grant; with no units it drops out.
create table if not exists licence_cut (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  grant_id {uuid} not null,
  refund_id {uuid} not null,
  quantity {int} not null check (quantity >= 0),
  months {int} not null check (months > 0),
  at {int} not null,
  primary key (tenant_id, customer_id, grant_id, refund_id),
  foreign key (tenant_id, customer_id, grant_id)
    references licence_grant (tenant_id, customer_id, id),
  foreign key (tenant_id, customer_id, refund_id) references refund (tenant_id, customer_id, id)
){strict};

-- What moves periods lays all of them anew; the newest laying counts, the older ones are history.
create table if not exists licence_laying (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  laying {int} not null check (laying > 1),
  command_id {uuid} not null,
  primary key (tenant_id, customer_id, subscription_id, laying),
  foreign key (tenant_id, customer_id, subscription_id)
    references subscription (tenant_id, customer_id, id)
){strict};

create table if not exists licence_period (
  tenant_id {uuid} not null,
  customer_id {uuid} not null,
  subscription_id {uuid} not null,
  laying {int} not null check (laying > 0),
  run {int} not null check (run > 0),
  seq {int} not null check (seq > 0),
  prev_seq {int},
  anchor_local {text} not null,
  anchor_zone {text} not null,
  months_to {int} not null,
  starts_at {int} not null,
  ends_at {int} not null,
  plan_id {uuid} not null,
  quantity {int} not null,
  grant_id {uuid} not null,
  paid {bool} not null,
  chained_start {int},
  primary key (tenant_id, customer_id, subscription_id, laying, run, seq),
  unique (tenant_id, customer_id, subscription_id, laying, run, seq, ends_at),
  unique (tenant_id, customer_id, laying, grant_id),
  foreign key (tenant_id, customer_id, subscription_id, laying, run, prev_seq, chained_start)
    references licence_period (tenant_id, customer_id, subscription_id, laying, run, seq, ends_at),
  foreign key (tenant_id, customer_id, grant_id)
    references licence_grant (tenant_id, customer_id, id),
  constraint period_follows check (
    (seq = 1 and prev_seq is null and chained_start is null)
    or (seq > 1 and prev_seq is not null and prev_seq = seq - 1
        and chained_start is not null and chained_start = starts_at)
  ),
  constraint period_has_length check (starts_at < ends_at)
){strict};
