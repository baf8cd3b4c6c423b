import { ApiProblem } from './problem.js';

/** In bytes: bodies of most routes. What is so small is bounded by the number of connections. */
const SMALL = 65_536;
/** So many bytes of larger bodies are held at a time. */
const MOST_HELD = 32 * 2 ** 20;
/** Lists, maps and keys of a body: to parse one of them takes much longer than a number. */
const MOST_PARTS = 200_000;

/** Reads the bodies of requests. Together they cost only so much memory. */
export class Bodies {
  #held = 0;

  /** @param most bytes. @returns what the JSON of a request is. @throws ApiProblem */
  async readJson(request: Request, most = SMALL): Promise<unknown> {
    const type = request.headers.get('Content-Type')?.split(';', 1)[0].trim().toLowerCase();
    if (type !== 'application/json') {
      const detail = `expected the media type application/json, found ${type ?? 'none'}`;
      throw new ApiProblem(415, detail, { allowed: ['application/json'], headers: { Accept: 'application/json' } });
    }
    const bytes = await this.#readBytes(request, most);
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch (error) {
      throw new ApiProblem(400, `the body is no JSON in UTF-8: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #readBytes({ headers, body }: Request, most: number): Promise<Uint8Array> {
    if (Number(headers.get('Content-Length')) > most) throw tooLarge(most);
    const chunks: Uint8Array[] = [];
    let [length, parts] = [0, 0];
    try {
      for await (const chunk of body ?? []) {
        length += chunk.length;
        this.#held += chunk.length;
        parts += partsIn(chunk);
        if (length > most) throw tooLarge(most);
        if (parts > MOST_PARTS) throw tooManyParts();
        if (length > SMALL && this.#held > MOST_HELD) throw tooMany();
        chunks.push(chunk);
      }
    } catch (error) {
      throw error instanceof ApiProblem ? error : new ApiProblem(400, 'the body ends before its end');
    } finally {
      this.#held -= length;
    }
    return Buffer.concat(chunks);
  }
}

const [MAP, LIST, KEY] = Buffer.from('{[:');

/** Signs that begin a part; those within texts count, too. */
function partsIn(chunk: Uint8Array): number {
  let parts = 0;
  for (const byte of chunk) if (byte === MAP || byte === LIST || byte === KEY) parts++;
  return parts;
}

/** The rest of the body is read and dropped for a while: a connection that is cut at once could cost the answer. */
function tooLarge(most: number): ApiProblem {
  return new ApiProblem(413, `the body has more than ${most} bytes`);
}

function tooManyParts(): ApiProblem {
  return new ApiProblem(413, `the body has more than ${MOST_PARTS} lists, maps and keys`);
}

function tooMany(): ApiProblem {
  return new ApiProblem(503, 'too many large bodies come at once: try again', { headers: { 'Retry-After': '1' } });
}
