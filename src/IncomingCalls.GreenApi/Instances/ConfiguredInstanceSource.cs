using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>The instances of <see cref="GreenApiOptions"/>, as of the last change that was valid.</summary>
internal sealed class ConfiguredInstanceSource : IInstanceSource, IDisposable
{
    private readonly ILogger _logger;
    private readonly LastKnownGoodOptions<GreenApiOptions> _options;
    private volatile ConfiguredInstanceList _current;
    private CancellationTokenSource _changed = new();

    public ConfiguredInstanceSource(LastKnownGoodOptions<GreenApiOptions> options, ILogger<ConfiguredInstanceSource> logger)
    {
        _logger = logger;
        _options = options;
        _current = Read(options.CurrentValue);
        options.Changed += Reload;
    }

    /// <summary>
    /// A skipped entry is an instance that exists: its notifications must not be refused as a stranger's, so then the list does
    /// not count as complete.
    /// </summary>
    public bool IsComplete => _current is { Instances.Count: > 0, SkippedKeys.Count: 0 };

    /// <summary>Entries have no tokens of their own, so only a host that polls them all can do without one.</summary>
    public bool IsWebhookTokenOptional =>
        _current.Instances.Count > 0 && _current.Instances.All(instance => instance.Receive == ReceiveMode.Polling);

    /// <summary>The keys of the entries that cannot work.</summary>
    public IReadOnlyList<string> SkippedKeys => _current.SkippedKeys;

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(_current.Instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
        new(_current.Instances.FirstOrDefault(instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    public void Dispose()
    {
        _options.Changed -= Reload;
        _changed.Dispose();
    }

    private void Reload(GreenApiOptions options)
    {
        _current = Read(options);
        // Not disposed: somebody may be about to register with its token.
        Interlocked.Exchange(ref _changed, new()).Cancel();
    }

    private ConfiguredInstanceList Read(GreenApiOptions options)
    {
        var next = ConfiguredInstanceList.Create(options.Instances ?? []);
        foreach (var (key, complaint) in next.Problems)
        {
            _logger.InstanceEntrySkipped(key, complaint);
        }

        return next;
    }
}
