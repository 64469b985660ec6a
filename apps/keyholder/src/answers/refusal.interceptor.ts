/**
 * Every refusal of this process leaves it with the same size and at the end of a time band, so that neither tells how far a request
 * came: a refusal without a sealed reason gets random bytes, and all wait until their age is a whole number of bands.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { catchError, defer, from, mergeMap, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { Problem } from '#contracts';
import { refused } from './refusal.js';

/** Longer than a write pool waits and writes. */
export const BAND_MS = 150;

/** Time left until the next multiple of `BAND_MS`. */
export const untilBandEnds = (elapsedMs: number): number => BAND_MS - (elapsedMs % BAND_MS);

@Injectable()
export class RefusalInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return defer(() => {
      const startedAt = performance.now();
      return next.handle().pipe(
        catchError((error: unknown) => {
          if (!(error instanceof Problem) || error.code !== 'answer-refused') return throwError(() => error);
          const uniform = error.extensions.sealedReason
            ? new Problem(error.code, { sealedReason: error.extensions.sealedReason })
            : refused();
          const waited = from(wait(untilBandEnds(performance.now() - startedAt)));
          return waited.pipe(mergeMap(() => throwError(() => uniform)));
        }),
      );
    });
  }
}
