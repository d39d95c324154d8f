using IncomingCalls.Callers;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Callers;

public class CallerNameServiceTests
{
    [Fact]
    public async Task ResolveAsync_HostStops_LookupEndsWithoutLogging()
    {
        await using var host = await StartAsync();
        var names = host.Services.GetRequiredService<CallerNameService>();
        var finding = names.ResolveAsync(1, CallerOf(1), isRinging: true, CancellationToken.None).AsTask();

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await finding.WaitAsync(TimeSpan.FromSeconds(10))).Name.Should().BeNull();
        host.Logs.GetSnapshot().Should().NotContain(record => record.Level >= LogLevel.Information && record.Category!.Contains("CallerNameService"));
    }

    [Fact]
    public async Task ResolveAsync_TooManyConcurrentLookups_AnswersWithTheNumberAtOnce()
    {
        await using var host = await StartAsync();
        var names = host.Services.GetRequiredService<CallerNameService>();
        for (var i = 0; i < 10_000; i++)
        {
            _ = names.ResolveAsync(1, CallerOf(i), isRinging: true, CancellationToken.None).AsTask();
        }

        var oneMore = names.ResolveAsync(1, CallerOf(10_000), isRinging: true, CancellationToken.None).AsTask();
        var joined = names.ResolveAsync(1, CallerOf(7), isRinging: true, CancellationToken.None).AsTask();

        oneMore.IsCompletedSuccessfully.Should().BeTrue();
        joined.IsCompleted.Should().BeFalse("a lookup of the same caller that is already running is shared");
    }

    [Fact]
    public async Task ResolveAsync_CallerRingsDuringLookup_MarksTheQueryAsRinging()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddCallerNames<NeverAnsweringResolver>().Services.AddSingleton<ReceivedQuery>());
        var names = host.Services.GetRequiredService<CallerNameService>();
        _ = names.ResolveAsync(1, CallerOf(1), isRinging: false, CancellationToken.None).AsTask();
        var query = await host.Services.GetRequiredService<ReceivedQuery>().First.Task.WaitAsync(TimeSpan.FromSeconds(10));
        query.IsRinging.Should().BeFalse();

        _ = names.ResolveAsync(1, CallerOf(1), isRinging: true, CancellationToken.None).AsTask();

        query.IsRinging.Should().BeTrue();
    }

    [Fact]
    public async Task ResolveAsync_ResolverTemporarilyUnavailable_IsRetriedAndNothingIsLogged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddCallerNames<UnavailableOnceResolver>().Services.AddSingleton<ReceivedQuery>());
        var names = host.Services.GetRequiredService<CallerNameService>();

        var first = await names.ResolveAsync(1, CallerOf(1), isRinging: true, CancellationToken.None);
        var second = await names.ResolveAsync(1, CallerOf(1), isRinging: true, CancellationToken.None);

        (first.Name, second.Name).Should().Be((null, "Ivan"));
        host.Logs.GetSnapshot().Should().NotContain(record => record.Category!.Contains("CallerNameService"));
    }

    [Theory]
    [InlineData("Ivan", false, 60)]
    [InlineData("+70000000116", true, 10)]
    [InlineData(null, false, 10)]
    public async Task ResolveAsync_Answer_IsCachedForItsDurationAndResolvedAgain(string? name, bool isFallback, int minutes)
    {
        var answer = new ResolverAnswer { Answer = name is null ? null : new() { Name = name, Source = "crm", IsFallback = isFallback } };
        await using var host = await TestHost.StartAsync(
            builder => builder.AddCallerNames<AnsweringResolver>().Services.AddSingleton(answer),
            options => (options.CallerNameCacheDuration, options.MissingCallerNameCacheDuration) = (TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(10)));
        var names = host.Services.GetRequiredService<CallerNameService>();
        await names.ResolveAsync(1, CallerOf(1), isRinging: true, CancellationToken.None);

        host.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        (await names.ResolveAsync(1, CallerOf(1), isRinging: true, CancellationToken.None)).Name.Should().Be(name);
        answer.Requests.Should().Be(1);

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        answer.Answer = new() { Name = "Ivan Petrovich", Source = "crm" };
        (await names.ResolveAsync(1, CallerOf(1), isRinging: true, CancellationToken.None)).Name.Should().Be("Ivan Petrovich");
        answer.Requests.Should().Be(2);
    }

    [Fact]
    public async Task Restore_NameIsInvisible_IsNotCached()
    {
        await using var host = await StartAsync();
        var names = host.Services.GetRequiredService<CallerNameService>();

        names.Restore(new() { IdInstance = 1, ChatId = CallerOf(1).ChatId!.Value, Name = new() { Name = "\u3164", Source = "name" }, ExpiresAt = TestHost.Now.AddHours(1) });

        names.GetStatus(1, CallerOf(1)).Should().Be(CallerNameStatus.Unknown);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(builder => builder.AddCallerNames<NeverAnsweringResolver>());

    private static Caller CallerOf(int number) => new() { ChatId = ChatId.Parse($"7{number:D10}@c.us") };

    private sealed class ReceivedQuery
    {
        public TaskCompletionSource<CallerNameQuery> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class ResolverAnswer
    {
        public CallerName? Answer { get; set; }

        public int Requests { get; set; }
    }

    private sealed class AnsweringResolver(ResolverAnswer answer) : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            answer.Requests++;
            return new(answer.Answer);
        }
    }

    /// <summary>Is unavailable for the first query. The state is shared, since a new resolver is created for each query.</summary>
    private sealed class UnavailableOnceResolver(ReceivedQuery received) : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => received.First.TrySetResult(query)
            ? throw new CallerNameUnavailableException("The quota is used up.")
            : new(new CallerName { Name = "Ivan", Source = "crm" });
    }

    /// <summary>Never answers; is cancelled when the host stops.</summary>
    private sealed class NeverAnsweringResolver(ReceivedQuery? received = null) : ICallerNameResolver
    {
        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            received?.First.TrySetResult(query);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
    }
}
