using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>The commands that erase the data of a caller or an instance, while a host runs.</summary>
public sealed class InboxEraseTests : IAsyncLifetime
{
    private const string Number = $"+{HostedInbox.Caller}";

    private readonly TemporaryFile _reports = new("");
    private HostedInbox _inbox = null!;

    public async Task InitializeAsync() => _inbox = await HostedInbox.StartAsync();

    public async Task DisposeAsync()
    {
        _reports.Dispose();
        await _inbox.DisposeAsync();
    }

    [Theory]
    [InlineData(Number)]
    [InlineData($"{HostedInbox.Caller}@c.us")]
    public async Task Erase_Caller_NothingOfTheNumberIsInTheFiles(string caller)
    {
        var result = await RunAsync("erase", "--caller", caller, "--by", "Anna", "--yes");

        result.ExitCode.Should().Be(0);
        result.Output.Should().EndWith(" Anna erased a caller: 2 calls, 2 dead letters, 1 quarantined notifications, 1 persons").And.NotContain(HostedInbox.Caller);
        (await RunAsync("list")).Output.Should().NotContain("A1");
        (await RunAsync("calls")).Output.Should().NotContain("A1");
        (await RunAsync("erasures")).Output.Should().Be(result.Output);
        await _inbox.StopHostAsync();
        Directory.EnumerateFiles(Path.GetDirectoryName(_inbox.File)!).Should().OnlyContain(file => !Contains(file, HostedInbox.Caller));
    }

    [Fact]
    public async Task Erase_ReportOfAnExport_IsRepeatedOnTheRestoredFile()
    {
        await _inbox.StopHostAsync();
        var backup = await File.ReadAllBytesAsync(_inbox.File);
        await RunAsync("erase", "--caller", Number, "--by", "Anna", "--yes");
        await File.WriteAllTextAsync(_reports.FullName, (await RunAsync("erasures", "--json")).Output);
        await File.WriteAllBytesAsync(_inbox.File, backup);
        (await RunAsync("list")).Lines.Should().HaveCount(2, "the backup was restored");

        var result = await RunAsync("erase", "--report", _reports.FullName, "--yes");

        result.Output.Should().Contain(" Anna erased a caller: 4 calls, 4 dead letters, ", "both times together");
        (await RunAsync("list")).Output.Should().NotContain("A1");
        (await RunAsync("erasures", "--json")).Json.Should().ContainSingle().Which.GetProperty("report").GetProperty("isComplete").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Erase_Instance_ErasesAllOfIt()
    {
        var result = await RunAsync("erase", "--instance", "1101000001", "--by", "Anna", "--yes");

        result.Output.Should().Contain(" Anna erased instance 1101000001: 2 calls, 2 dead letters");
    }

    [Fact]
    public async Task Erase_UnknownCaller_SaysThatNothingWasStored()
    {
        (await RunAsync("erase", "--caller", "+70000000199", "--yes")).Output.Should().EndWith(" erased a caller: nothing was stored");
        (await RunAsync("erase", "--caller", Number, "--account", "acme", "--by", "Anna", "--yes")).Output.Should().EndWith(
            " Anna erased a caller of the account acme: 1 quarantined notifications", "it names no instance, so it can be of any account");
        (await RunAsync("list")).Lines.Should().HaveCount(2);
    }

    [Fact]
    public async Task Erase_WithoutConfirmation_ErasesNothing()
    {
        (await RunAsync("erase", "--caller", Number)).ShouldHaveFailed(
            ExitCode.Declined, "Permanently erase all data of the caller •••••••0101@c.us? The question cannot be answered because the input is redirected. Add --yes to confirm.");
        (await RunAsync("list")).Lines.Should().HaveCount(2);
        (await RunAsync("erasures")).Output.Should().Be("Nothing was erased yet.");
    }

    [Theory]
    [InlineData("", "'erase' requires one of --caller, --instance and --report.")]
    [InlineData("--caller +70000000101 --instance 1", "'erase' requires one of --caller, --instance and --report.")]
    [InlineData("--instance 1 --account acme", "--account requires --caller.")]
    [InlineData("--instance 0", "--instance takes the number of an instance.")]
    [InlineData("--caller +7", "--caller takes a phone number with the plus sign, or the id of the chat with a person as the gateway writes it.")]
    public async Task Erase_InvalidArguments_SaysWhatIsWrong(string options, string message)
    {
        var result = await RunAsync(["erase", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--yes"]);

        result.ExitCode.Should().Be((int)ExitCode.Usage);
        result.Error.Should().Contain(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("{\"type\":\"pause\"}")]
    public async Task Erase_FileHasNoReports_SaysHowToWriteOne(string content)
    {
        await File.WriteAllTextAsync(_reports.FullName, content);

        (await RunAsync("erase", "--report", _reports.FullName, "--yes")).ShouldHaveFailed(
            ExitCode.Unusable, $"{_reports.FullName} contains no reports of erasures. 'inbox erasures --json' writes such a file, with one report per line.");
    }

    private static bool Contains(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }

    private Task<ToolResult> RunAsync(params string[] arguments) => ToolProcess.RunAsync(["inbox", arguments[0], _inbox.File, .. arguments[1..]]);
}
