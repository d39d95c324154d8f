using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Tests.DependencyInjection;

/// <summary>The options of a handler are checked when the host starts.</summary>
public class HandlerOptionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<int, int, TimeSpan, string> InvalidRateLimits => new()
    {
        { 0, 1, Second, "Handler 'crm':RateLimit:Permits is 0. Write a number from 1 to 10,000; to stop a handler, remove it." },
        { 10_001, 1, TimeSpan.FromHours(1), "Handler 'crm':RateLimit:Permits is 10001. Write a number from 1 to 10,000; to stop a handler, remove it." },
        { 2, 0, Second, "Handler 'crm':RateLimit:Burst is 0. Write a number from 1 to 10,000." },
        { 2, 10_001, Second, "Handler 'crm':RateLimit:Burst is 10001. Write a number from 1 to 10,000." },
        { 2, 1, TimeSpan.Zero, "Handler 'crm':RateLimit:Period is 00:00:00. Write a time from 00:00:00.0100000 to 1.00:00:00." },
        { 2, 1, TimeSpan.FromHours(25), "Handler 'crm':RateLimit:Period is 1.01:00:00. Write a time from 00:00:00.0100000 to 1.00:00:00." },
        { 1_001, 1, Second, "Handler 'crm':RateLimit has 1001 permits in 00:00:01. One permit must be free at least every hour and at most every millisecond." },
        { 1, 1, TimeSpan.FromHours(2), "Handler 'crm':RateLimit has 1 permits in 02:00:00. One permit must be free at least every hour and at most every millisecond." },
    };

    [Theory]
    [MemberData(nameof(InvalidRateLimits))]
    public async Task Start_RateLimitInvalid_SaysWhatToWrite(int permits, int burst, TimeSpan period, string message) =>
        (await StartingAsync(options => options.RateLimit = new() { Permits = permits, Period = period, Burst = burst })).Should().Equal(message);

    [Theory]
    [InlineData(1, 1, 3_600)]
    [InlineData(10_000, 10_000, 10)]
    [InlineData(24, 1, 86_400)]
    public async Task Start_RateLimitWithinTheRange_Succeeds(int permits, int burst, int seconds) =>
        (await StartingAsync(options => options.RateLimit = new() { Permits = permits, Period = TimeSpan.FromSeconds(seconds), Burst = burst })).Should().BeEmpty();

    [Theory]
    [InlineData(0, "Handler 'crm':MaxPause is 00:00:00. Write a time from 00:00:01 to 30.00:00:00.")]
    [InlineData(31, "Handler 'crm':MaxPause is 31.00:00:00. Write a time from 00:00:01 to 30.00:00:00.")]
    public async Task Start_MaxPauseInvalid_SaysWhatToWrite(int days, string message) =>
        (await StartingAsync(options => options.MaxPause = TimeSpan.FromDays(days))).Should().Equal(message);

    [Theory]
    [InlineData(-1, "Handler 'crm':UnansweredSettleTime is -00:01:00. Write a time from 00:00:00 to 00:10:00.")]
    [InlineData(11, "Handler 'crm':UnansweredSettleTime is 00:11:00. Write a time from 00:00:00 to 00:10:00.")]
    public async Task Start_UnansweredSettleTimeInvalid_SaysWhatToWrite(int minutes, string message) =>
        (await StartingAsync(options => options.UnansweredSettleTime = TimeSpan.FromMinutes(minutes))).Should().Equal(message);

    [Fact]
    public async Task Start_UnansweredSettleTimeInMemory_RequiresADurableInbox() =>
        (await StartingAsync(static options => options.UnansweredSettleTime = TimeSpan.FromSeconds(20))).Should().Equal(
            "Handler 'crm' has an UnansweredSettleTime, which requires a durable inbox: the in-memory inbox answers the gateway after the handlers have run. "
            + "Add UseSqliteInbox or another durable inbox, or remove UnansweredSettleTime.");

    [Fact]
    public async Task Start_DirectionUndefined_NamesTheHandler() =>
        (await StartingAsync(static options => options.Directions = [(CallDirection)9])).Should().Equal("Handler 'crm':Directions contains 9, which is not a direction. Use the values of CallDirection.");

    /// <summary>Starts a host with a handler; returns the failures of its options.</summary>
    private static async Task<IEnumerable<string>> StartingAsync(Action<CallHandlerOptions> configure)
    {
        try
        {
            await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>(options =>
            {
                options.Name = "crm";
                configure(options);
            }));
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
    }
}
