namespace IncomingCalls.Fakes.Crm.Control;

/// <summary>The body of <c>POST /control/portals/{portal}/contacts</c>.</summary>
internal sealed record AddContactBody(string Phone, string? Name);

/// <summary>The body of <c>POST /control/portals/{portal}/faults</c>.</summary>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Times">The number of requests.</param>
/// <param name="Operation">The operation; null for any.</param>
/// <param name="Delay">How late a slow answer is.</param>
internal sealed record AddFaultBody(CrmFault Fault, int Times = 1, CrmOperation? Operation = null, TimeSpan Delay = default);
