using System.Security.Cryptography;
using System.Text;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls;

/// <summary>The dead letters of the cluster.</summary>
[Reentrant]
[SharePlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.dead-letters")]
internal sealed class DeadLettersGrain : IGrainBase, IDeadLettersGrain
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly IGrainFactory _grains;
    private readonly OrleansInboxOptions _options;
    private readonly OrleansInboxMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SharedWrites<ShelfIndex> _writes;
    private readonly Shelf _shelf;

    public DeadLettersGrain(
        IGrainContext grainContext,
        InboxStates states,
        IGrainFactory grains,
        IOptions<OrleansInboxOptions> options,
        OrleansInboxMetrics metrics,
        TimeProvider time,
        ILogger<OrleansInbox> logger)
    {
        GrainContext = grainContext;
        _grains = grains;
        _options = options.Value;
        _metrics = metrics;
        _logger = logger;
        _writes = states.Open(grainContext, "index", DocumentContext.Default.ShelfIndex);
        _shelf = new(_writes, new(states.Storage, "dead-letter"), attachments: null, new() { Items = _options.MaxDeadLetters }, time, logger) { HidesWhatLeaves = true };
    }

    public IGrainContext GrainContext { get; }

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _writes.LoadAsync();
        this.RegisterGrainTimer(LookAsync, new(LookInterval, LookInterval) { Interleave = true });
    }

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _metrics.Shelf(nameof(DeadLettersGrain), null);
        await _shelf.WhenReplayedAsync().WaitAsync(cancellationToken);
        await _writes.WhenIdleAsync();
    }

    public Task UpkeepAsync() => _writes.ReadAgainAsync();

    public Task<int> CountAsync() => Task.FromResult(_shelf.Count);

    public async Task PutAsync(WireForm letter)
    {
        var dropped = await _shelf.PutAsync(letter.Utf8Json, letter.Utf8Json.Length, SubjectOf(letter.Read<DeadEvent>()));
        if (dropped > 0)
        {
            _logger.DeadLettersDropped(dropped, _options.MaxDeadLetters);
        }
    }

    public Task<ShelfItem[]> ListAsync(int limit, long after) => _shelf.ListAsync(limit, after);

    public async Task<int> ReplayAsync(long? id)
    {
        var requested = await _shelf.RequestReplayAsync(id);
        _ = GiveBackAsync();
        return requested;
    }

    public Task<int> PurgeAsync(long? id) => _shelf.PurgeAsync(id);

    /// <summary>A hash, since the index is written as a whole.</summary>
    private static string SubjectOf(DeadEvent letter) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{letter.Event.Id}\n{letter.Handler}")).AsSpan(0, 12));

    private Task LookAsync()
    {
        _metrics.Shelf(nameof(DeadLettersGrain), _shelf.Count);
        return GiveBackAsync();
    }

    private Task GiveBackAsync() => _shelf.ReplayAsync(document =>
    {
        var letter = new WireForm { Utf8Json = document };
        return _grains.GetGrain<ICallGrain>(letter.Read<DeadEvent>().Event.Call.ToString()).ReplayAsync(letter);
    });
}
