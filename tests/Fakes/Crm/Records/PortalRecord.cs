namespace IncomingCalls.Fakes.Crm;

/// <summary>Everything that happened to a portal until now, for the checks of a test or of another process.</summary>
/// <param name="Portal">The name of the portal.</param>
/// <param name="Calls">The call records, in the order of registration.</param>
/// <param name="Items">The todo items, in the order in which they were opened.</param>
/// <param name="Contacts">The contacts.</param>
/// <param name="Requests">The requests, in the order of arrival.</param>
/// <param name="Violations">What the client did wrong.</param>
/// <param name="RefreshCount">How many times the tokens were refreshed. One per expiry is enough.</param>
public sealed record PortalRecord(
    string Portal,
    IReadOnlyList<CallRecord> Calls,
    IReadOnlyList<TodoItem> Items,
    IReadOnlyList<Contact> Contacts,
    IReadOnlyList<RequestRecord> Requests,
    IReadOnlyList<Violation> Violations,
    int RefreshCount)
{
    /// <summary>The external ids with more than one call record.</summary>
    public IReadOnlyList<string> ExternalIdsRegisteredTwice => [.. Calls.GroupBy(call => call.ExternalId).Where(calls => calls.Count() > 1).Select(calls => calls.Key)];

    /// <summary>The ids of the call records that were finished more than once.</summary>
    public IReadOnlyList<string> CallsFinishedTwice => [.. Calls.Where(call => call.Finishes.Count > 1).Select(call => call.Id)];

    /// <summary>The persons with more than one open item.</summary>
    public IReadOnlyList<string> PersonsWithSeveralOpenItems =>
        [.. Items.Where(item => item.ClosedAt is null).GroupBy(item => item.Person).Where(items => items.Count() > 1).Select(items => items.Key)];
}
