using IncomingCalls.Fakes.Crm.Access;
using IncomingCalls.Fakes.Crm.Faults;
using IncomingCalls.Fakes.Crm.Portals;
using IncomingCalls.Fakes.Crm.Records;

namespace IncomingCalls.Fakes.Crm;

/// <summary>One customer's account of the CRM, with data, tokens and limits of its own.</summary>
/// <remarks>Safe to use from any thread.</remarks>
public sealed class CrmPortal
{
    private readonly RequestLog _log;
    private volatile bool _isDown;
    private volatile bool _subscriptionIsOver;

    internal CrmPortal(string name, CrmPortalOptions options, CrmServerOptions server, PhoneNumbers phones, IssuedTokens issued, RequestLog log)
    {
        (Name, Options, Server, PhoneNumbers, _log) = (name, options, server, phones, log);
        Tokens = new(name, issued, options, server.TimeProvider);
        Limit = new(options, server.TimeProvider);
        CallRecords = new(name, options, server.TimeProvider);
        ItemRecords = new(name, server.TimeProvider);
        ContactRecords = new(name);
    }

    /// <summary>The name of the portal, which is the second segment of its paths.</summary>
    public string Name { get; }

    /// <summary>The switches of the portal, which may be changed at any time.</summary>
    public CrmPortalOptions Options { get; }

    /// <summary>Whether every connection to the portal is cut at once. Assumed: one server cannot refuse connections for one portal only.</summary>
    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    /// <summary>Whether every authorized request is answered with 402. Documented (amoCRM); that the tokens stay valid is assumed.</summary>
    public bool SubscriptionIsOver
    {
        get => _subscriptionIsOver;
        set => _subscriptionIsOver = value;
    }

    /// <summary>The call records, in the order of registration.</summary>
    public IReadOnlyList<CallRecord> Calls => CallRecords.Records;

    /// <summary>The todo items, in the order in which they were opened.</summary>
    public IReadOnlyList<TodoItem> Items => ItemRecords.Records;

    /// <summary>The requests to this portal, in the order of arrival.</summary>
    public IReadOnlyList<RequestRecord> Requests => [.. _log.Requests.Where(request => request.Portal == Name)];

    /// <summary>What clients of this portal did wrong.</summary>
    public IReadOnlyList<Violation> Violations => [.. _log.Violations.Where(violation => violation.Portal == Name)];

    internal CrmServerOptions Server { get; }

    internal PhoneNumbers PhoneNumbers { get; }

    internal PortalTokens Tokens { get; }

    internal RequestLimit Limit { get; }

    internal FaultQueue Faults { get; } = new();

    internal PortalCalls CallRecords { get; }

    internal PortalItems ItemRecords { get; }

    internal PortalContacts ContactRecords { get; }

    /// <summary>Connects the application, for the first time or again after <see cref="RevokeTokens"/>. Earlier tokens end.</summary>
    /// <returns>The tokens.</returns>
    public TokenPair IssueTokens() => Tokens.Issue();

    /// <summary>Disconnects the application: every token is answered with 401 until <see cref="IssueTokens"/>.</summary>
    public void RevokeTokens() => Tokens.Revoke();

    /// <summary>Adds a contact.</summary>
    /// <param name="phone">The phone number.</param>
    /// <param name="name">The display name.</param>
    /// <returns>The contact.</returns>
    public Contact AddContact(string phone, string? name = null) => ContactRecords.Add(phone, name);

    /// <summary>Adds faults for the next requests. A request has at most one, the first that was added and applies to its operation.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="times">The number of requests.</param>
    /// <param name="operation">The operation; null for any.</param>
    /// <exception cref="ArgumentException">The fault is a slow answer: use <see cref="DelayNext"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is not positive.</exception>
    public void FailNext(CrmFault fault, int times = 1, CrmOperation? operation = null)
    {
        if (fault == CrmFault.SlowAnswer)
        {
            throw new ArgumentException($"A slow answer needs a delay. Use {nameof(DelayNext)}.", nameof(fault));
        }

        Faults.Add(new(fault, operation, TimeSpan.Zero), times);
    }

    /// <summary>Delays the answers of the next requests by the clock of the server. The requests are executed before.</summary>
    /// <param name="delay">The delay.</param>
    /// <param name="times">The number of requests.</param>
    /// <param name="operation">The operation; null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is not positive.</exception>
    public void DelayNext(TimeSpan delay, int times = 1, CrmOperation? operation = null) => Faults.Add(new(CrmFault.SlowAnswer, operation, delay), times);

    /// <summary>Returns everything that happened to the portal until now.</summary>
    /// <returns>A copy, which does not change.</returns>
    public PortalRecord TakeSnapshot() => new(Name, Calls, Items, ContactRecords.Records, Requests, Violations, Tokens.RefreshCount);
}
