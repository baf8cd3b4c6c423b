/** What a server has seen of its line or listener since it was made. Plain numbers that only grow. */
export class LineCounters {
  bytesReceived = 0;
  bytesSent = 0;
  /** Intact frames, whoever they were for (AP, 08/0B: bus messages). */
  messages = 0;
  /** Frames that were not intact: bad CRC or LRC, malformed datagrams, impossible lengths (AP, 08/0C). */
  communicationErrors = 0;
  /** Characters lost before they could be read, where the port tells (AP, 08/12). */
  overruns = 0;
  /** Frames passed over whole: a protocol id other than 0; datagrams beyond the limits, or that a request handler did not let pass. */
  framesDropped = 0;
  /** Requests to units that this server doesn't have. */
  unknownUnit = 0;
  /** Intact frames on a shared line that were not for this server: requests to other stations and their replies. */
  foreignFrames = 0;
  /** Times that bytes made no sense and the beginning of the next frame had to be searched for. */
  resynchronisations = 0;
}

/** What a server has counted since it was made. Numbers only grow; clients can't clear them. */
export class ServerCounters extends LineCounters {
  connectionsAccepted = 0;
  /** Connections refused at the connection limit, or while the server closes. */
  connectionsRefused = 0;
  /** Connections closed at the connection limit for a new one. */
  connectionsEvicted = 0;
  /** Connections closed because their request handler refused them or failed. */
  connectionsDenied = 0;
  /** Looks for a free file descriptor, one a second, that found none: the system closes new connections then. */
  descriptorShortages = 0;
  /** TLS handshakes that failed or were refused. */
  handshakesRefused = 0;
  /** Requests for this server's units. */
  requests = 0;
  /** Requests that were answered with exception 06, as too many waited or their turn did not come in time. */
  requestsRefused = 0;
  replies = 0;
  /** Replies that carried an exception code. */
  exceptions = 0;
  /** Replies that were not sent, as the line had carried something else since their requests. */
  staleReplies = 0;
  /** Datagrams that were left unanswered, as they were replies of a server, or may have been: see `allowServerPorts`. */
  datagramsRefused = 0;
  /** Requests that the client's role does not allow. */
  denied = 0;
  /** Requests of function 08 that changed something: restarts, listen-only mode, cleared counters, delimiters. */
  diagnosticActions = 0;
  /** Failures of users' handlers and listeners. */
  handlerErrors = 0;
}
