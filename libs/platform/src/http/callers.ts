/**
 * Internal routes are for named callers, each known by the client certificate of its connection (RFC 8446 §4.4.2). A process with
 * `CallersModule` serves nothing to anybody that a route does not name; health and metrics alone are for anyone.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Injectable, Module, SetMetadata } from '@nestjs/common';
import type { CanActivate, DynamicModule, ExecutionContext } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { TlsIdentity } from '../tls/identity.js';

const CALLERS = 'platform:callers';
const anyone = 'anyone';

/** On a controller or a handler: only these callers, told by their certificates. */
export const OnlyFor = (...callers: readonly string[]) => SetMetadata(CALLERS, callers);

/** On a controller or a handler that also those may ask who have no certificate. */
export const ForAnyone = () => SetMetadata(CALLERS, anyone);

interface Known {
  readonly caller: string | undefined;
  /** What the answer was found with. */
  readonly authorities: unknown;
  readonly untilMs: number;
}

/** Tells callers apart; asks a connection once, and again when its certificate has ended or the authorities have changed. */
@Injectable()
export class Callers {
  private readonly known = new WeakMap<object, Known>();

  constructor(private readonly identity: TlsIdentity) {}

  /** Name in the certificate of a connection, or undefined. */
  callerOn(socket: Socket): string | undefined {
    const { authorities } = this.identity;
    const known = this.known.get(socket);
    if (known?.authorities === authorities && Date.now() < known.untilMs) return known.caller;
    const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
    const caller = certificate && this.identity.ownerOf(certificate);
    this.known.set(socket, { caller, authorities, untilMs: caller ? certificate.validToDate.getTime() : Infinity });
    return caller;
  }
}

@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const allowed =
      this.reflector.getAllAndOverride<readonly string[] | typeof anyone | undefined>(CALLERS, [
        context.getHandler(),
        context.getClass(),
      ]) ?? [];
    if (allowed === anyone) return true;
    const caller = this.callers.callerOn(context.switchToHttp().getRequest<FastifyRequest>().raw.socket);
    if (caller === undefined) throw new Problem('not-authenticated');
    if (!allowed.includes(caller)) throw new Problem('not-permitted');
    return true;
  }
}

/** For processes that only our own processes call. Needs `TlsModule`, and an application made with `tls`. */
@Module({})
export class CallersModule {
  static register(): DynamicModule {
    return { module: CallersModule, providers: [Callers, { provide: APP_GUARD, useClass: CallerGuard }] };
  }
}
