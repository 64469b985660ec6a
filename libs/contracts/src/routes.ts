/** Shape of a documented route: it feeds /openapi.json and the SDKs. */
import type { z } from 'zod';
import type { ProblemCode } from './problems.js';

export interface RouteSpec {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** Who may call, and how it shows who it is. */
  readonly caller: string;
  readonly request?: z.ZodType;
  readonly requestType?: string;
  readonly response?: z.ZodType;
  readonly status: number;
  readonly problems: readonly ProblemCode[];
}
