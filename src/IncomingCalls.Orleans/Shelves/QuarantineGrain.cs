using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls;

/// <summary>The quarantine of the cluster.</summary>
[Reentrant]
[SharePlacement]
[CollectionAgeLimit(AlwaysActive = true)]
[Immovable]
[GrainType("incoming-calls.quarantine")]
internal sealed class QuarantineGrain : IGrainBase, IQuarantineGrain
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ICallIntake _intake;
    private readonly OrleansInboxOptions _options;
    private readonly OrleansInboxMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SharedWrites<ShelfIndex> _writes;
    private readonly Shelf _shelf;

    public QuarantineGrain(
        IGrainContext grainContext,
        InboxStates states,
        ICallIntake intake,
        IOptions<OrleansInboxOptions> options,
        OrleansInboxMetrics metrics,
        TimeProvider time,
        ILogger<OrleansInbox> logger)
    {
        GrainContext = grainContext;
        _intake = intake;
        _options = options.Value;
        _metrics = metrics;
        _logger = logger;
        _writes = states.Open(grainContext, "index", DocumentContext.Default.ShelfIndex);
        _shelf = new(
            _writes,
            new(states.Storage, "quarantined"),
            new(states.Storage, "quarantined-bytes"),
            new() { Items = _options.MaxQuarantineItems, Bytes = _options.MaxQuarantineBytes },
            time,
            logger);
    }

    public IGrainContext GrainContext { get; }

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _writes.LoadAsync();
        this.RegisterGrainTimer(LookAsync, new(LookInterval, LookInterval) { Interleave = true });
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _metrics.Shelf(nameof(QuarantineGrain), null);
        return _writes.WhenIdleAsync();
    }

    public Task UpkeepAsync() => _writes.ReadAgainAsync();

    public Task<int> CountAsync() => Task.FromResult(_shelf.Count);

    public async Task PutAsync(QuarantineDocument item, byte[] utf8Json)
    {
        var document = JsonSerializer.SerializeToUtf8Bytes(item, DocumentContext.Default.QuarantineDocument);
        var dropped = await _shelf.PutAsync(document, utf8Json.Length, attachment: utf8Json);
        if (dropped > 0)
        {
            _logger.QuarantineDropped(dropped, _options.MaxQuarantineItems, _options.MaxQuarantineBytes);
        }
    }

    public Task<byte[]?> ReadAsync(long id) => _shelf.ReadAttachmentAsync(id);

    public Task<ShelfItem[]> ListAsync(int limit, long after) => _shelf.ListAsync(limit, after);

    public async Task<int> ReplayAsync(long? id)
    {
        var requested = await _shelf.RequestReplayAsync(id);
        _ = TakeInAsync();
        return requested;
    }

    public Task<int> PurgeAsync(long? id) => _shelf.PurgeAsync(id);

    private Task LookAsync()
    {
        _metrics.Shelf(nameof(QuarantineGrain), _shelf.Count);
        return TakeInAsync();
    }

    /// <summary>Through the same door as everything else. What still cannot be read comes back as a new item.</summary>
    private Task TakeInAsync() => _shelf.ReplayAsync(utf8Json => Task.Run(() => _intake.AcceptAsync(utf8Json).AsTask()));
}
