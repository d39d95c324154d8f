using System.Collections.Immutable;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncomingCalls.Orleans.Tests.Cluster;

public sealed class SiloLivenessGuardTests
{
    private readonly SuspendableTimeProvider _time = new();
    private readonly FakeMembershipService _membership = new();

    [Fact]
    public void EnsureAliveAsync_ProcessRuns_DoesNotRefreshTheMembership()
    {
        using var pulse = CreateGuard();

        pulse.EnsureAliveAsync().IsCompletedSuccessfully.Should().BeTrue();
        _membership.Reads.Should().Be(0);
    }

    [Fact]
    public async Task EnsureAliveAsync_ProcessWasSuspended_WaitsForALaterRefresh()
    {
        using var pulse = CreateGuard();
        _time.Suspend(TimeSpan.FromSeconds(5));

        var confirmed = pulse.EnsureAliveAsync();
        await _membership.AnswerAsync(read: 1);
        await Eventually.HoldsAsync(() => _membership.Reads.Should().Be(2));
        var wasConfirmed = confirmed.IsCompleted;
        await _membership.AnswerAsync(read: 2);
        await confirmed;

        wasConfirmed.Should().BeFalse("the first may be one that was under way before");
        pulse.EnsureAliveAsync().IsCompletedSuccessfully.Should().BeTrue("it runs again");
        _membership.Reads.Should().Be(2);
    }

    [Fact]
    public async Task EnsureAliveAsync_HeartbeatDetectedTheSuspension_WaitsForTheRefresh()
    {
        using var pulse = CreateGuard();
        _time.Suspend(TimeSpan.FromSeconds(5));

        await Eventually.HoldsAsync(() => _membership.Reads.Should().Be(1));

        pulse.EnsureAliveAsync().IsCompleted.Should().BeFalse();
        await _membership.AnswerAsync(read: 1);
        await _membership.AnswerAsync(read: 2);
        await pulse.EnsureAliveAsync();
    }

    [Fact]
    public async Task EnsureAliveAsync_SiloDeclaredDead_NeverCompletes()
    {
        using var pulse = CreateGuard();
        _time.Suspend(TimeSpan.FromSeconds(5));
        var confirmed = pulse.EnsureAliveAsync();

        _membership.Status = SiloStatus.Dead;
        await _membership.AnswerAsync(read: 1);
        await _membership.AnswerAsync(read: 2);

        confirmed.IsCompleted.Should().BeFalse();
        pulse.EnsureAliveAsync().IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Suspect_ProcessRuns_WaitsForTheRefresh()
    {
        using var pulse = CreateGuard();

        pulse.Suspect();

        var confirmed = pulse.EnsureAliveAsync();
        confirmed.IsCompleted.Should().BeFalse();
        await _membership.AnswerAsync(read: 1);
        await _membership.AnswerAsync(read: 2);
        await confirmed;
    }

    private SiloLivenessGuard CreateGuard() => new(_membership, new FakeLocalSilo(), _time, NullLogger<OrleansInboxLogCategory>.Instance);

    /// <summary>The clock and timers of the system, in a process that appears to have been suspended.</summary>
    private sealed class SuspendableTimeProvider : TimeProvider
    {
        private long _suspended;

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _suspended);

        public void Suspend(TimeSpan time) => Interlocked.Add(ref _suspended, (long)(time.TotalSeconds * TimestampFrequency));
    }

    private sealed class FakeLocalSilo : ILocalSiloDetails
    {
        public static readonly SiloAddress Address = SiloAddress.New(global::System.Net.IPAddress.Loopback, 11_111, 1);

        public string Name => "one";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => Address;

        public SiloAddress GatewayAddress => Address;
    }

    private sealed class FakeMembershipService : IClusterMembershipService
    {
        // Without asynchronous continuations: the waiting code has run when SetResult returns.
        private readonly TaskCompletionSource[] _answers = [new(), new(), new()];
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public SiloStatus Status { get; set; } = SiloStatus.Active;

        public ClusterMembershipSnapshot CurrentSnapshot =>
            new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(FakeLocalSilo.Address, new(FakeLocalSilo.Address, Status, "one")), new(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) =>
            new(_answers[Interlocked.Increment(ref _reads) - 1].Task);

        /// <summary>Answers a read as soon as it has started.</summary>
        public async Task AnswerAsync(int read)
        {
            await Eventually.HoldsAsync(() => Reads.Should().BeGreaterThanOrEqualTo(read));
            _answers[read - 1].SetResult();
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
