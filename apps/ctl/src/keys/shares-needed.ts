/** The k of k-of-n, as it is typed. */
import { StackError } from '../stack/stack-error.js';

export const sharesNeeded = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 2) return value;
  throw new StackError(`${text} shares cannot be needed`, 'give a whole number from 2 up');
};
