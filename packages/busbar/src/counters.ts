/** What a server has seen on its line or listener since it was created. Plain numbers that only grow. */
export class LineCounters {
  bytesReceived = 0;
  bytesSent = 0;
  /** Intact frames for any unit (AP, 08/0B: bus messages). */
  messages = 0;
  /** Frames that were not intact: bad CRC or LRC, malformed datagrams, impossible lengths (AP, 08/0C). */
  communicationErrors = 0;
  /** Characters lost before they could be read, if the port reports them (AP, 08/12). */
  overruns = 0;
  /** Frames skipped whole: a protocol id other than 0; datagrams beyond the limits, or dropped by a request handler. */
  framesDropped = 0;
  /** Requests to units that this server doesn't have. */
  unknownUnit = 0;
  /** Intact frames on a shared line that were not for this server: requests to other stations and their replies. */
  foreignFrames = 0;
  /** Times that the start of the next frame had to be searched for. */
  resynchronisations = 0;
}

/** What a server has counted since it was created. Numbers only grow; clients cannot clear them. */
export class ServerCounters extends LineCounters {
  connectionsAccepted = 0;
  /** Connections refused at the connection limit, or while the server was closing. */
  connectionsRefused = 0;
  /** Connections closed at the connection limit for a new one. */
  connectionsEvicted = 0;
  /** Connections closed because their request handler refused them or failed. */
  connectionsDenied = 0;
  /** Checks, one a second, that found no free file descriptor: the system then closes new connections. */
  descriptorShortages = 0;
  /** TLS handshakes that failed or were refused. */
  handshakesRefused = 0;
  /** Requests for this server's units. */
  requests = 0;
  /** Requests that got exception 06 because too many waited or their turn did not come in time. */
  requestsRefused = 0;
  replies = 0;
  /** Replies that carried an exception code. */
  exceptions = 0;
  /** Replies that were not sent because the line had carried something else since their requests. */
  staleReplies = 0;
  /** Datagrams left unanswered because they were, or may have been, replies of a server: see `allowServerPorts`. */
  datagramsRefused = 0;
  /** Requests that the client's role does not allow. */
  denied = 0;
  /** Requests with function 08 that changed something: restarts, listen-only mode, cleared counters, delimiters. */
  diagnosticActions = 0;
  /** Failures of users' handlers, hooks and event listeners. */
  handlerErrors = 0;
}
