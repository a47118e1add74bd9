import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';
import { handleCompletion, type CompletionService } from './completions.js';
import { chatDialect, textDialect, type Dialect } from './dialect.js';
import { sendJson, sendText } from './http.js';
import { renderMetrics } from './metrics.js';

type Handler = (service: CompletionService, request: IncomingMessage, response: ServerResponse) => unknown;

const complete =
  (dialect: Dialect): Handler =>
  (service, request, response) =>
    handleCompletion(service, dialect, request, response);

/** The routes that need the model. */
const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /health': (_service, _request, response) => sendJson(response, 200, { status: 'ok' }),
  'GET /v1/models': ({ alias }, _request, response) =>
    sendJson(response, 200, {
      object: 'list',
      data: [{ id: alias, object: 'model', created: 0, owned_by: 'llamacpp' }],
    }),
  'GET /metrics': ({ engine, tally }, _request, response) =>
    sendText(response, renderMetrics(engine.scheduler, tally)),
  'POST /v1/completions': complete(textDialect),
  'POST /v1/chat/completions': complete(chatDialect),
};

/** `service` returns undefined until the model is loaded. */
export function createRoutes(service: () => CompletionService | undefined): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?', 1)[0];
    const handler = ROUTES[`${request.method} ${path}`];
    const ready = service();
    if (handler && ready) void handler(ready, request, response);
    else if (handler && path === '/health') sendJson(response, 503, { status: 'loading model' });
    else if (handler) refuse(response, new ApiError(503, 'the model is still loading'));
    else refuse(response, new ApiError(404, `there is no ${request.method} ${path}`));
  };
}

function refuse(response: ServerResponse, error: ApiError): void {
  sendJson(response, error.status, error.body);
}
