using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>The instances of <see cref="GreenApiOptions"/>, as of the last change that was valid.</summary>
internal sealed class ConfiguredInstances : IInstanceSource, IDisposable
{
    private readonly ILogger _logger;
    private readonly LastValid<GreenApiOptions> _options;
    private volatile ConfiguredList _list;
    private CancellationTokenSource _changed = new();

    public ConfiguredInstances(LastValid<GreenApiOptions> options, ILogger<ConfiguredInstances> logger)
    {
        _logger = logger;
        _options = options;
        _list = Read(options.CurrentValue);
        options.Changed += Follow;
    }

    /// <summary>
    /// A skipped entry is an instance that exists: its notifications must not be refused as a stranger's, so then the list does
    /// not count as complete.
    /// </summary>
    public bool IsComplete => _list is { Instances.Count: > 0, Skipped.Count: 0 };

    /// <summary>Entries have no tokens of their own, so only a host that polls them all can do without one.</summary>
    public bool IsWebhookTokenOptional =>
        _list.Instances.Count > 0 && _list.Instances.All(instance => instance.Receive == ReceiveMode.Polling);

    /// <summary>The keys of the entries that cannot work.</summary>
    public IReadOnlyList<string> Skipped => _list.Skipped;

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(_list.Instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
        new(_list.Instances.FirstOrDefault(instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    public void Dispose()
    {
        _options.Changed -= Follow;
        _changed.Dispose();
    }

    private void Follow(GreenApiOptions options)
    {
        _list = Read(options);
        // Not disposed: somebody may be about to register with its token.
        Interlocked.Exchange(ref _changed, new()).Cancel();
    }

    private ConfiguredList Read(GreenApiOptions options)
    {
        var next = ConfiguredList.Of(options.Instances ?? []);
        foreach (var (key, complaint) in next.Complaints)
        {
            _logger.EntrySkipped(key, complaint);
        }

        return next;
    }
}
