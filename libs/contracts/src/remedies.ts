/** What is done about an account that people name by its handle, and about those related to it. */
export const accountRemedies = ['suspend', 'delete'] as const;
export type AccountRemedy = (typeof accountRemedies)[number];
