namespace IncomingCalls.Fuzz.Tests;

public class FuzzerTests
{
    /// <summary>A few seconds. A longer run: <c>dotnet run -c Release --project tests/IncomingCalls.Fuzz -- --inputs 10000000 --seed 1</c>.</summary>
    private const int Inputs = 200_000;

    [Fact]
    public void Run_MutatedNotifications_AreReadLikeByJsonDocument()
    {
        var report = new Fuzzer(new() { Inputs = Inputs, Seed = 1 }).Run();

        report.Faults.Should().BeEmpty();
        report.Kinds.Values.Should().OnlyContain(count => count > Inputs / 1_000, "every kind should be tested");
    }

    [Fact]
    public void Compare_UnmutatedNotifications_FindsNoDifference() =>
        NotificationCorpus.Read().Select(Fuzzer.Compare).Should().OnlyContain(result => result.Difference == null);

    [Fact]
    public void Parse_UnknownOption_ThrowsWithTheUsage() =>
        FluentActions.Invoking(() => FuzzOptions.Parse(["--kills", "1"])).Should().Throw<ArgumentException>().WithMessage("--kills is not an option. Usage: *");
}
