/** `@UseGuards(ReceiverGuard)`, `@Scopes(…)` and `@CallingHub() hub`: the hub behind a token that may do this; RFC 6750 §3 says what else. */
import { createParamDecorator, Injectable, SetMetadata } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import type { HubEntry } from '#contracts';
import { PolicyStore } from '#policy';
import { HubLimits } from '../../intake/hub-limits.js';
import { ReceiverTokens } from './receiver-tokens.js';

const SCOPES = 'streams:scopes';
/** Any one of them is enough. */
export const Scopes = (...scopes: readonly string[]) => SetMetadata(SCOPES, scopes);

/** Apart from that of signals: who asks much about streams can still report. */
@Injectable()
export class StreamLimits extends HubLimits {}

/** Beside the request and gone with it. */
const hubs = new WeakMap<FastifyRequest, HubEntry>();

@Injectable()
export class ReceiverGuard implements CanActivate {
  constructor(
    private readonly tokens: ReceiverTokens,
    private readonly limits: StreamLimits,
    private readonly policies: PolicyStore,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { authorization } = request.headers;
    const tell = (words: string) => void http.getResponse<FastifyReply>().header('www-authenticate', `Bearer ${words}`);
    const { hub, scopes } = await this.tokens.receiverOf(authorization).catch((error: unknown) => {
      if (authorization !== undefined && error instanceof Problem && error.code === 'not-authenticated')
        tell('error="invalid_token"');
      throw error;
    });
    const allowed =
      this.reflector.getAllAndOverride<readonly string[] | undefined>(SCOPES, [context.getHandler(), context.getClass()]) ?? [];
    if (!allowed.some((scope) => scopes.has(scope))) {
      tell(`error="insufficient_scope", scope="${allowed[0] ?? ''}"`);
      throw new Problem('not-permitted');
    }
    this.limits.count(hub.id, this.policies.live().document.limits.setsPerSecond, performance.now());
    hubs.set(request, hub);
    return true;
  }
}

export const CallingHub = createParamDecorator((_: unknown, context: ExecutionContext): HubEntry => {
  const hub = hubs.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (hub === undefined) throw new Problem('not-authenticated');
  return hub;
});
