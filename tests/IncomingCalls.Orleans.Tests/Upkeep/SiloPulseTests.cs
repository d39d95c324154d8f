using System.Collections.Immutable;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace IncomingCalls.Orleans.Tests.Upkeep;

public sealed class SiloPulseTests
{
    private readonly StandingTime _time = new();
    private readonly Membership _membership = new();

    [Fact]
    public void ConfirmAsync_ProcessRuns_NeedsNoMembership()
    {
        using var pulse = NewPulse();

        pulse.ConfirmAsync().IsCompletedSuccessfully.Should().BeTrue();
        _membership.Reads.Should().Be(0);
    }

    [Fact]
    public async Task ConfirmAsync_ProcessStoodStill_WaitsForAReadThatBeganAfterwards()
    {
        using var pulse = NewPulse();
        _time.StandStill(TimeSpan.FromSeconds(5));

        var confirmed = pulse.ConfirmAsync();
        await _membership.AnswerAsync(read: 1);
        await Eventually.HoldsAsync(() => _membership.Reads.Should().Be(2));
        var wasConfirmed = confirmed.IsCompleted;
        await _membership.AnswerAsync(read: 2);
        await confirmed;

        wasConfirmed.Should().BeFalse("the first may be one that was under way before");
        pulse.ConfirmAsync().IsCompletedSuccessfully.Should().BeTrue("it runs again");
        _membership.Reads.Should().Be(2);
    }

    [Fact]
    public async Task ConfirmAsync_StandstillThatTheBeatNoticedFirst_WaitsAsWell()
    {
        using var pulse = NewPulse();
        _time.StandStill(TimeSpan.FromSeconds(5));

        await Eventually.HoldsAsync(() => _membership.Reads.Should().Be(1));

        pulse.ConfirmAsync().IsCompleted.Should().BeFalse();
        await _membership.AnswerAsync(read: 1);
        await _membership.AnswerAsync(read: 2);
        await pulse.ConfirmAsync();
    }

    [Fact]
    public async Task ConfirmAsync_SiloWasDeclaredDead_NeverCompletes()
    {
        using var pulse = NewPulse();
        _time.StandStill(TimeSpan.FromSeconds(5));
        var confirmed = pulse.ConfirmAsync();

        _membership.Status = SiloStatus.Dead;
        await _membership.AnswerAsync(read: 1);
        await _membership.AnswerAsync(read: 2);

        confirmed.IsCompleted.Should().BeFalse();
        pulse.ConfirmAsync().IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Doubt_ProcessRuns_WaitsUntilTheMembershipIsRead()
    {
        using var pulse = NewPulse();

        pulse.Doubt();

        var confirmed = pulse.ConfirmAsync();
        confirmed.IsCompleted.Should().BeFalse();
        await _membership.AnswerAsync(read: 1);
        await _membership.AnswerAsync(read: 2);
        await confirmed;
    }

    private SiloPulse NewPulse() => new(_membership, new LocalSilo(), _time, NullLogger<OrleansInbox>.Instance);

    /// <summary>The system's clock and timers, and a process that seems to have slept.</summary>
    private sealed class StandingTime : TimeProvider
    {
        private long _slept;

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _slept);

        public void StandStill(TimeSpan time) => Interlocked.Add(ref _slept, (long)(time.TotalSeconds * TimestampFrequency));
    }

    private sealed class LocalSilo : ILocalSiloDetails
    {
        public static readonly SiloAddress Address = SiloAddress.New(global::System.Net.IPAddress.Loopback, 11_111, 1);

        public string Name => "one";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => Address;

        public SiloAddress GatewayAddress => Address;
    }

    private sealed class Membership : IClusterMembershipService
    {
        // Whoever waits goes on while it is answered, so that what he does is done afterwards.
        private readonly TaskCompletionSource[] _answers = [new(), new(), new()];
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public SiloStatus Status { get; set; } = SiloStatus.Active;

        public ClusterMembershipSnapshot CurrentSnapshot =>
            new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(LocalSilo.Address, new(LocalSilo.Address, Status, "one")), new(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) =>
            new(_answers[Interlocked.Increment(ref _reads) - 1].Task);

        /// <summary>Answers a read as soon as it has begun.</summary>
        public async Task AnswerAsync(int read)
        {
            await Eventually.HoldsAsync(() => Reads.Should().BeGreaterThanOrEqualTo(read));
            _answers[read - 1].SetResult();
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
