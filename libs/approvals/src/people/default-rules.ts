/** The rules a registry begins with: two more leads for what reaches an account or says who the people are, another operator for the rest. */
import type { PeopleDocument } from '#contracts';

const byLeads = { role: 'lead', approvals: 2 } as const;
const byOperators = { role: 'operator', approvals: 1 } as const;

export const defaultRules: PeopleDocument['rules'] = {
  people: byLeads,
  policy: byOperators,
  'policy-shadow': byOperators,
  witnesses: byOperators,
  unfreeze: byOperators,
  'break-glass': byLeads,
  deletion: byLeads,
  expedite: byLeads,
  related: byLeads,
  accounts: byLeads,
  'undo-decision': byLeads,
  restore: byOperators,
  'key-rotation': byLeads,
};
