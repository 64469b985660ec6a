/** `/openapi.json` and the pages of `/errors`, for processes that face other people. */
import { Controller, Get, Header, Inject, Module, Param } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Problem, problemCodes } from '#contracts';
import type { RouteSpec } from '#contracts';
import { openApiDocument } from './document.js';
import type { ApiInfo } from './document.js';
import { pageSecurityPolicy, problemIndexPage, problemPage } from './problem-page.js';

const DOCUMENT = Symbol('openapi document');
const html = 'text/html; charset=utf-8';

@Controller()
export class OpenApiController {
  constructor(@Inject(DOCUMENT) private readonly document: object) {}

  @Get('openapi.json')
  @Header('cache-control', 'public, max-age=300')
  openApi(): object {
    return this.document;
  }

  @Get('errors')
  @Header('content-type', html)
  @Header('content-security-policy', pageSecurityPolicy)
  index(): string {
    return problemIndexPage();
  }

  @Get('errors/:code')
  @Header('content-type', html)
  @Header('content-security-policy', pageSecurityPolicy)
  page(@Param('code') code: string): string {
    const known = problemCodes.find((one) => one === code);
    if (known === undefined) throw new Problem('not-found');
    return problemPage(known);
  }
}

@Module({})
export class OpenApiModule {
  static register(info: ApiInfo, routes: readonly RouteSpec[]): DynamicModule {
    return {
      module: OpenApiModule,
      controllers: [OpenApiController],
      providers: [{ provide: DOCUMENT, useValue: openApiDocument(info, routes) }],
    };
  }
}
