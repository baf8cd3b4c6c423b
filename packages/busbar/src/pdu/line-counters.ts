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
