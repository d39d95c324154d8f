using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;

namespace IncomingCalls;

/// <summary>
/// Says when another silo cannot do what this one can. Nobody is turned away for it: while an update is rolled out, silos differ.
/// </summary>
internal sealed class SiloDifferences(IClusterManifestProvider manifest, ILocalSiloDetails local, ILogger<OrleansInbox> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<SiloAddress> _known = [];
    private Task _following = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(SiloDifferences), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _following = Task.Run(FollowAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowAsync()
    {
        Look(manifest.Current);
        await foreach (var current in manifest.Updates.WithCancellation(_stopping.Token))
        {
            Look(current);
        }
    }

    private void Look(ClusterManifest current)
    {
        foreach (var (silo, its) in current.Silos)
        {
            if (!silo.Equals(local.SiloAddress) && SiloAbilities.HasGrains(its) && _known.Add(silo))
            {
                Compare(silo, its);
            }
        }

        _known.IntersectWith(current.Silos.Keys);
    }

    private void Compare(SiloAddress silo, GrainManifest its)
    {
        var own = manifest.LocalGrainManifest;
        if (SiloAbilities.HandlersOf(its) is not { } there)
        {
            logger.InboxMissing(silo.ToString());
            return;
        }

        if (SiloAbilities.HandlersOf(own) is { } here && !here.SetEquals(there))
        {
            logger.HandlersDiffer(silo.ToString(), Names(here.Except(there)), Names(there.Except(here)));
        }

        if (SiloAbilities.CanPoll(own) && !SiloAbilities.CanPoll(its))
        {
            logger.PollingMissing(silo.ToString());
        }
    }

    private static string Names(ImmutableHashSet<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Order(StringComparer.Ordinal));
}
