namespace IncomingCalls.Fakes.Crm;

/// <summary>One request to a portal. The query is not recorded, since it may contain a phone number or a token.</summary>
/// <param name="Portal">The name of the portal in the path, which may not exist.</param>
/// <param name="Time">When the request arrived.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the portal, without a slash at the start.</param>
/// <param name="Operation">The operation; null for an unknown method or path.</param>
/// <param name="Status">The status that was answered; null while the request runs, and for a connection that was cut.</param>
/// <param name="Client">The header <c>User-Agent</c>; null for none.</param>
public sealed record RequestRecord(string Portal, DateTimeOffset Time, string Method, string Path, CrmOperation? Operation, int? Status, string? Client = null);
