/** Who may call the key holder. Each route names one of them; only what is public anyway is for all. */
export const callers = ['registrar', 'nyms', 'correlator'] as const;
export type Caller = (typeof callers)[number];
