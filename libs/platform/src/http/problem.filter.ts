/** The one place where an error becomes a response. Faults are logged with their instance; refusals are not logged at all. */
import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problems } from '#contracts';
import type { ProblemCode } from '#contracts';
import type { AppLogger } from '../logging/logger.js';
import { octetStream } from './content-types.js';
import { problemOf, problemResponse } from './problem-response.js';
import type { RouteTable } from './route-table.js';

const RETRY_MS = 5_000;

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: AppLogger,
    private readonly routes: RouteTable,
    private readonly unknownRoute: ProblemCode = 'not-found',
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.getArgByIndex<FastifyRequest>(0);
    const reply = host.getArgByIndex<FastifyReply>(1);
    const allowed = request.is404 ? this.routes.methodsOf(request.url) : [];
    const problem = allowed.length > 0 ? new Problem('method-not-allowed') : request.is404 ? this.unknown() : problemOf(error);
    const { status, headers, body } = problemResponse(problem);
    if (status >= 500 && !request.is404) {
      const route = request.routeOptions.url ?? 'none';
      this.logger[status === 500 ? 'error' : 'warn']({
        event: problem.code,
        instance: body['instance'],
        method: request.method,
        route,
        err: error,
      });
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy(); // a stream broke half-way: a cut connection is the only honest end
      return;
    }
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    // what is left of a bulk upload is not read to its end
    if (request.headers['content-type']?.startsWith(octetStream)) reply.header('connection', 'close');
    const scheme = reply.getHeader('www-authenticate'); // a guard that knows more than that a token is missing
    reply
      .code(status)
      .headers({ ...headers, ...(scheme !== undefined && { 'www-authenticate': String(scheme) }) })
      .send(Buffer.from(JSON.stringify(body))); // bytes: Fastify adds a charset to text
  }

  private unknown(): Problem {
    const isLater = problems[this.unknownRoute].status === 503;
    return new Problem(this.unknownRoute, isLater ? { retryAfterMs: RETRY_MS } : {});
  }
}
