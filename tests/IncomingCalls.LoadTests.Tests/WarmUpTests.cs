namespace IncomingCalls.LoadTests.Tests;

public class WarmUpTests
{
    [Fact]
    public async Task RunAsync_RateIncreasesFirst_EndsWhenThreeWindowsAgree()
    {
        var rates = new Queue<double>([50, 80, 100, 101, 102, 103]);

        var warmUp = await WarmUp.RunAsync(20, () => Task.FromResult(rates.Dequeue()));

        warmUp.Should().BeEquivalentTo(new { IsStable = true, Windows = 5 });
    }

    [Fact]
    public async Task RunAsync_OneOfTwoIsUnstable_RunsBothInTurnUntilBothAreStable()
    {
        List<string> order = [];
        var unstable = new Queue<double>([10, 20, 30, 30, 30]);

        var warmUp = await WarmUp.RunAsync(20, () => RunAsync("stable", 100), () => RunAsync("unstable", unstable.Dequeue()));

        warmUp.Windows.Should().Be(5);
        order.Should().Equal(Enumerable.Repeat<string[]>(["stable", "unstable"], 5).SelectMany(pair => pair));

        Task<double> RunAsync(string name, double rate)
        {
            order.Add(name);
            return Task.FromResult(rate);
        }
    }

    [Fact]
    public async Task RunAsync_NeverStable_EndsAtTheMaximum()
    {
        var rate = 1.0;

        var warmUp = await WarmUp.RunAsync(4, () => Task.FromResult(rate *= 2));

        warmUp.Should().BeEquivalentTo(new { IsStable = false, Windows = 4 });
        warmUp.ToString().Should().Be("rates not stable after a warm-up of 4 windows");
    }
}
