/**
 * What bodies a route takes. JSON unless a route says otherwise with `@Consumes`; a wrong type is 415 before a byte is read.
 * SETs arrive as text (RFC 8935), checkpoints too, bulk routes get their octet stream unbuffered.
 */
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem, setMaxBytes, setMediaType } from '#contracts';

export const octetStream = 'application/octet-stream';
const json = 'application/json';

/** `@Consumes('application/octet-stream')`: `@Body()` is then a Readable; of a SET it is the text. */
export const Consumes = (...mediaTypes: readonly string[]) => RouteConfig({ consumes: mediaTypes });

export function installContentTypes(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(setMediaType, { parseAs: 'string', bodyLimit: setMaxBytes }, (_request, body, done) =>
    done(null, body),
  );
  fastify.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  fastify.addContentTypeParser(octetStream, (_request, payload, done) => done(null, payload));
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(hasBody(request) && !isTaken(request) ? new Problem('type-not-supported') : undefined);
  });
}

function isTaken(request: FastifyRequest): boolean {
  if (request.is404) return true; // answered as such
  const { consumes = [json] } = request.routeOptions.config as { consumes?: readonly string[] };
  return consumes.includes((request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase());
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');
