using System.Collections.Immutable;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;

namespace IncomingCalls.Orleans.Hosting;

/// <summary>
/// Logs when another silo lacks capabilities of this one. No silo is rejected, because silos differ while an update is rolled out.
/// </summary>
internal sealed class SiloCompatibilityCheck(IClusterManifestProvider manifest, ILocalSiloDetails localSilo, ILogger<OrleansInboxLogCategory> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<SiloAddress> _compared = [];
    private Task _watching = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(SiloCompatibilityCheck), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _watching = Task.Run(WatchManifestAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchManifestAsync()
    {
        CompareNewSilos(manifest.Current);
        await foreach (var current in manifest.Updates.WithCancellation(_stopping.Token))
        {
            CompareNewSilos(current);
        }
    }

    private void CompareNewSilos(ClusterManifest current)
    {
        foreach (var (silo, siloManifest) in current.Silos)
        {
            if (!silo.Equals(localSilo.SiloAddress) && SiloCapabilities.HasGrains(siloManifest) && _compared.Add(silo))
            {
                Compare(silo, siloManifest);
            }
        }

        _compared.IntersectWith(current.Silos.Keys);
    }

    private void Compare(SiloAddress silo, GrainManifest other)
    {
        var local = manifest.LocalGrainManifest;
        if (SiloCapabilities.HandlersOf(other) is not { } otherHandlers)
        {
            logger.InboxMissing(silo.ToString());
            return;
        }

        if (SiloCapabilities.HandlersOf(local) is { } localHandlers && !localHandlers.SetEquals(otherHandlers))
        {
            logger.HandlersDiffer(silo.ToString(), FormatNames(localHandlers.Except(otherHandlers)), FormatNames(otherHandlers.Except(localHandlers)));
        }

        if (SiloCapabilities.CanPoll(local) && !SiloCapabilities.CanPoll(other))
        {
            logger.PollingMissing(silo.ToString());
        }
    }

    private static string FormatNames(ImmutableHashSet<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Order(StringComparer.Ordinal));
}
