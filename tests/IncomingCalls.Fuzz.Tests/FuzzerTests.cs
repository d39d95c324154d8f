using IncomingCalls.Fuzz.Corpora;
using IncomingCalls.Fuzz.Targets;

namespace IncomingCalls.Fuzz.Tests;

public class FuzzerTests
{
    /// <summary>A few seconds. A longer run: <c>dotnet run -c Release --project tests/IncomingCalls.Fuzz -- reader --inputs 10000000 --seed 1</c>.</summary>
    [Theory]
    [InlineData("reader", 200_000)]
    [InlineData("api", 50_000)]
    [InlineData("webhook", 5_000)]
    public async Task Run_MutatedDocuments_FindsNoFault(string target, int inputs)
    {
        var report = await new Fuzzer(new() { Target = target, Inputs = inputs, Seed = 1 }).RunAsync();

        report.Faults.Select(fault => $"{fault.Text}: {Convert.ToBase64String(fault.Input)}").Should().BeEmpty();
        report.Kinds.Should().HaveCountGreaterThan(3, "the inputs should lead to different results");
        report.Inputs.Should().Be(inputs);
    }

    [Fact]
    public void Compare_UnmutatedNotifications_FindsNoDifference() =>
        NotificationCorpus.Read().Select(ReaderTarget.Compare).Should().OnlyContain(result => result.Difference == null);

    [Theory]
    [InlineData("--kills", "1")]
    [InlineData("writer")]
    public void Parse_UnknownArgument_ThrowsWithTheUsage(params string[] arguments) =>
        FluentActions.Invoking(() => FuzzOptions.Parse(arguments)).Should().Throw<ArgumentException>().WithMessage("*Usage: *");

    [Fact]
    public void Parse_Target_IsTheFirstArgument() =>
        FuzzOptions.Parse(["webhook", "--inputs", "7", "--seed", "3"]).Should().Be(new FuzzOptions { Target = "webhook", Inputs = 7, Seed = 3 });
}
