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
        using var pulse = new SiloPulse(_membership, _time, NullLogger<OrleansInbox>.Instance);

        pulse.ConfirmAsync().IsCompletedSuccessfully.Should().BeTrue();
        _membership.Reads.Should().Be(0);
    }

    [Fact]
    public async Task ConfirmAsync_ProcessStoodStill_WaitsUntilTheMembershipIsRead()
    {
        using var pulse = new SiloPulse(_membership, _time, NullLogger<OrleansInbox>.Instance);
        _time.StandStill(TimeSpan.FromSeconds(5));

        var confirmed = pulse.ConfirmAsync();
        await Eventually.HoldsAsync(() => _membership.Reads.Should().Be(1));
        var wasConfirmed = confirmed.IsCompleted;
        _membership.Read.SetResult();
        await confirmed;

        wasConfirmed.Should().BeFalse("the membership was not read yet");
        pulse.ConfirmAsync().IsCompletedSuccessfully.Should().BeTrue("it runs again");
        _membership.Reads.Should().Be(1, "once is enough");
    }

    [Fact]
    public async Task ConfirmAsync_StandstillThatTheBeatNoticedFirst_WaitsAsWell()
    {
        using var pulse = new SiloPulse(_membership, _time, NullLogger<OrleansInbox>.Instance);
        _time.StandStill(TimeSpan.FromSeconds(5));

        await Eventually.HoldsAsync(() => _membership.Reads.Should().Be(1));

        pulse.ConfirmAsync().IsCompleted.Should().BeFalse();
        _membership.Read.SetResult();
        await pulse.ConfirmAsync();
    }

    /// <summary>The system's clock and timers, and a process that seems to have slept.</summary>
    private sealed class StandingTime : TimeProvider
    {
        private long _slept;

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _slept);

        public void StandStill(TimeSpan time) => Interlocked.Add(ref _slept, (long)(time.TotalSeconds * TimestampFrequency));
    }

    private sealed class Membership : IClusterMembershipService
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public TaskCompletionSource Read { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _reads);
            return new(Read.Task);
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
