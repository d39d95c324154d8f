using System.Collections.Immutable;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;

namespace IncomingCalls.Orleans.Hosting;

/// <summary>
/// Says when another silo cannot do what this one can. Nobody is turned away for it: while an update is rolled out, silos differ.
/// </summary>
internal sealed class SiloCompatibilityCheck(IClusterManifestProvider manifest, ILocalSiloDetails local, ILogger<OrleansInboxLogCategory> logger)
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
        foreach (var (silo, its) in current.Silos)
        {
            if (!silo.Equals(local.SiloAddress) && SiloCapabilities.HasGrains(its) && _compared.Add(silo))
            {
                Compare(silo, its);
            }
        }

        _compared.IntersectWith(current.Silos.Keys);
    }

    private void Compare(SiloAddress silo, GrainManifest its)
    {
        var own = manifest.LocalGrainManifest;
        if (SiloCapabilities.HandlersOf(its) is not { } there)
        {
            logger.InboxMissing(silo.ToString());
            return;
        }

        if (SiloCapabilities.HandlersOf(own) is { } here && !here.SetEquals(there))
        {
            logger.HandlersDiffer(silo.ToString(), FormatNames(here.Except(there)), FormatNames(there.Except(here)));
        }

        if (SiloCapabilities.CanPoll(own) && !SiloCapabilities.CanPoll(its))
        {
            logger.PollingMissing(silo.ToString());
        }
    }

    private static string FormatNames(ImmutableHashSet<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Order(StringComparer.Ordinal));
}
