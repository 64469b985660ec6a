/** `@Account() account: AccountId` on a handler under `@UseGuards(AccountGuard)`: the caller's account, or 401. */
import { createParamDecorator, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { AccessTokens } from './access-token.js';
import type { AccountId } from './access-token.js';

/** Beside the request and gone with it; a property of the request could be logged. */
const accounts = new WeakMap<FastifyRequest, AccountId>();

@Injectable()
export class AccountGuard implements CanActivate {
  constructor(private readonly tokens: AccessTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    accounts.set(request, await this.tokens.accountOf(request.headers.authorization));
    return true;
  }
}

export const Account = createParamDecorator((_: unknown, context: ExecutionContext): AccountId => {
  const account = accounts.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (account === undefined) throw new Problem('not-authenticated');
  return account;
});
