import { ApiProblem } from './problem.js';

/** In bytes. All values of eight units, as a snapshot has them, fit. */
const MAX_BODY = 16 * 2 ** 20;

/** So many bytes of large bodies are held at a time; what is small is bounded by the number of connections. */
const MOST_HELD = 2 * MAX_BODY;
const SMALL = 65_536;

/** Reads the bodies of requests. Together they cost only so much memory. */
export class Bodies {
  #held = 0;

  /** @returns what the JSON of a request is. @throws ApiProblem */
  async readJson(request: Request): Promise<unknown> {
    const type = request.headers.get('Content-Type')?.split(';', 1)[0].trim().toLowerCase();
    if (type !== 'application/json') {
      const detail = `expected the media type application/json, found ${type ?? 'none'}`;
      throw new ApiProblem(415, detail, { allowed: ['application/json'], headers: { Accept: 'application/json' } });
    }
    const text = await this.#readText(request);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new ApiProblem(400, `the body is no JSON: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #readText({ headers, body }: Request): Promise<string> {
    if (Number(headers.get('Content-Length')) > MAX_BODY) throw tooLarge();
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of body ?? []) {
        length += chunk.length;
        this.#held += chunk.length;
        if (length > MAX_BODY) throw tooLarge();
        if (length > SMALL && this.#held > MOST_HELD) throw tooMany();
        chunks.push(chunk);
      }
    } catch (error) {
      throw error instanceof ApiProblem ? error : new ApiProblem(400, 'the body ends before its end');
    } finally {
      this.#held -= length;
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** The rest of the body is read and dropped for a while: a connection that is cut at once could cost the answer. */
function tooLarge(): ApiProblem {
  return new ApiProblem(413, `the body has more than ${MAX_BODY} bytes`);
}

function tooMany(): ApiProblem {
  return new ApiProblem(503, 'too many large bodies come at once: try again', { headers: { 'Retry-After': '1' } });
}
