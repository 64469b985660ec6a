/**
 * Internal routes are for named callers, each with a bearer token from a secret file. Tokens are kept and compared as SHA-256
 * digests, all of them in constant time, so that neither memory dumps nor timing give one away.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { applyDecorators, Injectable, Module, SetMetadata, UseGuards } from '@nestjs/common';
import type { CanActivate, DynamicModule, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import type { Secret } from '../config/secret.js';

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
/** A token that can be guessed protects nothing. */
const SHORTEST_TOKEN = 24;

@Injectable()
export class CallerTokens {
  private readonly digests: readonly { name: string; digest: Buffer }[];

  constructor(tokens: Readonly<Record<string, Secret>>) {
    this.digests = Object.entries(tokens).map(([name, secret]) => {
      const token = secret.text();
      if (token.length < SHORTEST_TOKEN)
        throw new RangeError(`the caller token of ${name} needs ${SHORTEST_TOKEN} characters or more`);
      return { name, digest: digest(token) };
    });
  }

  /** Name behind an `Authorization: Bearer …` header, or undefined. */
  callerOf(header: string | undefined): string | undefined {
    const presented = digest(/^Bearer ([^\s]{1,512})$/i.exec(header ?? '')?.[1] ?? '');
    const matches = this.digests.filter((known) => timingSafeEqual(known.digest, presented));
    return matches[0]?.name;
  }
}

const CALLERS = 'platform:callers';

@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly tokens: CallerTokens,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const allowed =
      this.reflector.getAllAndOverride<readonly string[] | undefined>(CALLERS, [context.getHandler(), context.getClass()]) ?? [];
    const caller = this.tokens.callerOf(context.switchToHttp().getRequest<FastifyRequest>().headers.authorization);
    if (caller === undefined) throw new Problem('not-authenticated');
    if (!allowed.includes(caller)) throw new Problem('not-permitted');
    return true;
  }
}

/** On a controller or a handler: only these callers, told by their token. Needs `CallersModule`. */
export const OnlyFor = (...callers: readonly string[]) => applyDecorators(SetMetadata(CALLERS, callers), UseGuards(CallerGuard));

@Module({})
export class CallersModule {
  /** Name → token; a token file per caller. */
  static register(tokens: Readonly<Record<string, Secret>>): DynamicModule {
    return {
      global: true,
      module: CallersModule,
      providers: [{ provide: CallerTokens, useValue: new CallerTokens(tokens) }],
      exports: [CallerTokens],
    };
  }
}
