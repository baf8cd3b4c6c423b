import type { Exchange } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';
import { replyFields, requestFields } from './fields/fields.js';
import type { MessageField } from './fields/reader.js';
import { said } from './said.js';

/** The bytes of a request and of its reply, each field with its name. */
export function ExchangeBytes({ exchange }: { readonly exchange: Exchange }) {
  const { reply, exception, client, listener, unit, points } = exchange;
  return (
    <div class="bytes">
      <p class="muted">
        Unit {unit}, {nameOf(client)} at {listener}
        {said(exchange).isCut && `. It touches ${points.join(', ')}`}
      </p>
      <Message title="Request" fields={requestFields(exchange)} />
      {reply === null ? (
        <p class="muted">There was no reply.</p>
      ) : (
        <Message title={exception ? 'Exception reply' : 'Reply'} fields={replyFields(exchange, reply)} />
      )}
    </div>
  );
}

function Message({ title, fields }: { readonly title: string; readonly fields: readonly MessageField[] }) {
  return (
    <table class="message">
      <caption>{title}</caption>
      <tbody>
        {fields.map(({ bytes, name, meaning }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="mono">{bytes}</td>
            <td>{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
