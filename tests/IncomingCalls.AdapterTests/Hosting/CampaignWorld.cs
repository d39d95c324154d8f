using IncomingCalls.Fakes.Crm;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>A CRM, the table of the application, a clock, and the processes that run the adapter.</summary>
internal abstract class CampaignWorld : IAsyncDisposable
{
    protected CampaignWorld(CrmServer server)
    {
        Server = server;
        Table = new(server);
    }

    public CrmServer Server { get; }

    public PortalTable Table { get; }

    /// <summary>The time, in UTC, of the server and of the processes.</summary>
    public abstract DateTimeOffset Now { get; }

    public abstract ICallInboxAdministration Administration { get; }

    /// <summary>When and where processes were killed until now.</summary>
    public abstract IReadOnlyList<(DateTimeOffset Time, KillPlace Place)> Kills { get; }

    /// <summary>What happens within this time may be recorded with the same time.</summary>
    public abstract TimeSpan Precision { get; }

    /// <summary>How late the record of a call may be whose portal is healthy: other calls of the portal come first, and a process may be killed.</summary>
    public abstract TimeSpan MaxDelay { get; }

    /// <summary>How long the requests of one attempt take at most. The inbox starts no others during a delay, but those that run on other nodes do not know of it.</summary>
    public abstract TimeSpan MaxAttempt { get; }

    /// <summary>Adds a connected portal with its instances. Not after the first process has started.</summary>
    public CrmPortal AddPortal(string name, bool createsContacts, params IEnumerable<long> instances)
    {
        var portal = Server.AddPortal(name);
        foreach (var instance in instances)
        {
            Table.Add(instance, portal, createsContacts);
        }

        Table.Connect(portal);
        return portal;
    }

    public abstract Task StartAsync();

    /// <summary>Accepts a notification, as a transport does.</summary>
    /// <exception cref="CallInboxUnavailableException">It was not accepted.</exception>
    public abstract Task AcceptAsync(IncomingCallNotification notification);

    /// <summary>Lets time pass. Killed processes are replaced.</summary>
    public abstract Task AdvanceAsync(TimeSpan duration);

    /// <summary>Kills a process now, or when an attempt reaches a place.</summary>
    /// <param name="plan">The place; null for now.</param>
    public abstract void Kill(KillPlan? plan);

    public abstract ValueTask DisposeAsync();
}
