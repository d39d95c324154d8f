using System.Collections.Concurrent;
using Guides.Adapters;
using IncomingCalls.Fakes.Crm;
using Microsoft.Extensions.Primitives;
using CrmPortal = Guides.Adapters.CrmPortal;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>The table of the application with its customers: instances, portals and tokens. It outlives the processes. Thread-safe.</summary>
internal sealed class PortalTable(CrmServer server)
{
    public const long InstanceWithoutPortal = 1109999999;

    private readonly ConcurrentDictionary<long, CrmPortal> _portals = new();
    private readonly ConcurrentDictionary<string, CrmTokens> _tokens = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new();

    /// <summary>Adds an instance of a portal, whose name is the account of the instance.</summary>
    public void Add(long idInstance, Fakes.Crm.CrmPortal portal, bool createsContacts = false) =>
        _portals[idInstance] = new(portal.Name, server.GetPortalUrl(portal), createsContacts);

    /// <summary>Connects a portal, for the first time or again.</summary>
    public void Connect(Fakes.Crm.CrmPortal portal)
    {
        var pair = portal.IssueTokens();
        _tokens[portal.Name] = new(pair.AccessToken, pair.RefreshToken);
    }

    public CrmTokens? FindTokens(string portal) => _tokens.GetValueOrDefault(portal);

    /// <summary>Returns the table as one process sees it, which writes nothing once it has been killed.</summary>
    public ProcessView Open(ProcessLife life) => new(this, life);

    internal sealed class ProcessView(PortalTable table, ProcessLife life) : ICrmPortals, IInstanceSource
    {
        public CrmPortal? Find(long idInstance) => table._portals.GetValueOrDefault(idInstance);

        public Task<CrmTokens?> ReadTokensAsync(CrmPortal portal, CancellationToken cancellationToken) => Task.FromResult(table.FindTokens(portal.Name));

        public async Task SaveTokensAsync(CrmPortal portal, CrmTokens tokens, CancellationToken cancellationToken)
        {
            await life.ThrowIfEndedAsync(cancellationToken);
            table._tokens[portal.Name] = tokens;
        }

        public async Task<IAsyncDisposable> LockTokensAsync(CrmPortal portal, CancellationToken cancellationToken)
        {
            var gate = table._locks.GetOrAdd(portal.Name, static _ => new(1));
            await gate.WaitAsync(cancellationToken);
            var held = new TokensLock(gate);
            // As the session of a killed process ends, and its locks with it.
            _ = life.Ended.ContinueWith(_ => held.Release(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return held;
        }

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new([.. table._portals.Select(Create), new() { IdInstance = InstanceWithoutPortal }]);

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
            new(table._portals.TryGetValue(idInstance, out var portal) ? Create(new(idInstance, portal)) : null);

        public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);

        private static CallInstance Create(KeyValuePair<long, CrmPortal> row) => new() { IdInstance = row.Key, Account = row.Value.Name, Receive = ReceiveMode.Webhook };
    }

    private sealed class TokensLock(SemaphoreSlim gate) : IAsyncDisposable
    {
        private int _isReleased;

        public void Release()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                gate.Release();
            }
        }

        public ValueTask DisposeAsync()
        {
            Release();
            return ValueTask.CompletedTask;
        }
    }
}
