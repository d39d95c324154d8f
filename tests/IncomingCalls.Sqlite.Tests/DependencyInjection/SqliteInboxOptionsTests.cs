using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Sqlite.Tests.DependencyInjection;

public class SqliteInboxOptionsTests
{
    private const string NotAFile =
        "IncomingCalls:Sqlite:Path is not the path of a file. A database in memory would lose acknowledged calls. Write the path of a file.";

    public static TheoryData<string, string?, string> InvalidValues => new()
    {
        { "Path", null, "IncomingCalls:Sqlite:Path is missing. Write the path of a file, for example data/calls.db, or call UseSqliteInbox(\"data/calls.db\")." },
        { "Path", " ", "IncomingCalls:Sqlite:Path is missing.*" },
        { "Path", ":memory:", NotAFile },
        { "Path", "file:calls?mode=memory", NotAFile },
        { "DeduplicationWindow", "23:59:59", "IncomingCalls:Sqlite:DeduplicationWindow is 23:59:59, but the gateway redelivers for 24 hours, so handlers would run again. Write 1.00:00:00 or more, or set AllowShortDeduplicationWindow." },
        { "DeduplicationWindow", "366", "IncomingCalls:Sqlite:DeduplicationWindow is 366, which is read as 366 days. Write a time from 00:00:01 to 365.00:00:00, where*" },
        { "DeduplicationWindow", "72", "IncomingCalls:Sqlite:DeduplicationWindow is 72, which is read as 72 days. Write a time from 00:00:01 to 365.00:00:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day." },
        { "DeduplicationWindow", "72:00:00", "IncomingCalls:Sqlite:DeduplicationWindow is 72:00:00, which is read as 72 days.*" },
        { "DeduplicationWindow", "168:00:00", "IncomingCalls:Sqlite:DeduplicationWindow is 168:00:00, which is read as 168 days.*" },
        { "DeduplicationWindow", "15:00", "IncomingCalls:Sqlite:DeduplicationWindow is 15:00, which is read as 15 hours.*" },
        { "DeduplicationWindow", "8.00:00:00", "IncomingCalls:Sqlite:Retention is 7.00:00:00, which is shorter than DeduplicationWindow, 8.00:00:00. Write 8.00:00:00 or more." },
        { "Retention", "1", "IncomingCalls:Sqlite:Retention is 1, which is read as 1 day.*" },
        { "Retention", "7", "IncomingCalls:Sqlite:Retention is 7, which is read as 7 days.*" },
        { "Retention", "12:00", "IncomingCalls:Sqlite:Retention is 12:00, which is read as 12 hours.*" },
        { "Retention", "2.23:59:59", "IncomingCalls:Sqlite:Retention is 2.23:59:59, which is shorter than DeduplicationWindow, 3.00:00:00. Write 3.00:00:00 or more." },
        { "Retention", "3650.00:00:01", "IncomingCalls:Sqlite:Retention is 3650.00:00:01. Write a time from 00:00:01 to 3650.00:00:00." },
        { "LockTimeout", "-00:00:01", "IncomingCalls:Sqlite:LockTimeout is -00:00:01. Write a time from 00:00:00 to 01:00:00." },
        { "LockTimeout", "90", "IncomingCalls:Sqlite:LockTimeout is 90, which is read as 90 days. Write a time from 00:00:00 to 01:00:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day." },
        { "LockTimeout", "01:00", "IncomingCalls:Sqlite:LockTimeout is 01:00, which is read as 1 hour.*" },
        { "RepeatWindow", "3.00:00:00", "IncomingCalls:Sqlite:RepeatWindow is a key of version 1 and has no effect. Write IncomingCalls:Sqlite:DeduplicationWindow instead." },
        { "AllowShortRepeatWindow", "true", "IncomingCalls:Sqlite:AllowShortRepeatWindow is a key of version 1 and has no effect. Write IncomingCalls:Sqlite:AllowShortDeduplicationWindow instead." },
        { "LockWait", "00:01:30", "IncomingCalls:Sqlite:LockWait is a key of version 1 and has no effect. Write IncomingCalls:Sqlite:LockTimeout instead." },
        { "MaxQuarantineItems", "0", "IncomingCalls:Sqlite:MaxQuarantineItems is 0. Write a number from 1 to 1000000." },
        { "MaxQuarantineItems", "1000001", "IncomingCalls:Sqlite:MaxQuarantineItems is 1000001. Write a number from 1 to 1000000." },
        { "MaxQuarantineBytes", "1048575", "IncomingCalls:Sqlite:MaxQuarantineBytes is 1048575. Write a number from 1048576 to 10737418240." },
        { "MaxQuarantineBytes", "10737418241", "IncomingCalls:Sqlite:MaxQuarantineBytes is 10737418241. Write a number from 1048576 to 10737418240." },
        { "MaxDeadLetters", "0", "IncomingCalls:Sqlite:MaxDeadLetters is 0. Write a number from 1 to 1000000." },
        { "MaxDeadLetters", "1000001", "IncomingCalls:Sqlite:MaxDeadLetters is 1000001. Write a number from 1 to 1000000." },
    };

    public static TheoryData<string, string> Limits => new()
    {
        { "DeduplicationWindow", "1.00:00:00" },
        { "Retention", "3.00:00:00" },
        { "Retention", "3650.00:00:00" },
        { "LockTimeout", "00:00:00" },
        { "LockTimeout", "01:00:00" },
        { "MaxQuarantineItems", "1" },
        { "MaxQuarantineItems", "1000000" },
        { "MaxQuarantineBytes", "1048576" },
        { "MaxQuarantineBytes", "10737418240" },
        { "MaxDeadLetters", "1" },
        { "MaxDeadLetters", "1000000" },
    };

    [Theory]
    [MemberData(nameof(InvalidValues))]
    public async Task Start_InvalidValue_NamesTheKeyAndAValidValueAndCreatesNoFile(string key, string? value, string message)
    {
        using var folder = new InboxFolder();
        using var host = Build(folder, [new(key, value)]);

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage(message);

        File.Exists(folder.Path).Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Start_ValueAtItsLimit_IsAccepted(string key, string value)
    {
        using var folder = new InboxFolder();
        using var host = Build(folder, [new(key, value)]);

        await host.StartAsync();

        File.Exists(folder.Path).Should().BeTrue();
        await host.StopAsync();
    }

    [Theory]
    [InlineData("LockTimeout", "soon", "Write a time as hours:minutes:seconds, where 00:15:00 is fifteen minutes")]
    [InlineData("Retention", "24:00", "is 24:00, which cannot be read. Write a time as hours:minutes:seconds, where 00:15:00 is fifteen minutes")]
    [InlineData("MaxDeadLetters", "many", "Write a whole number.")]
    public async Task Start_ValueOfAnotherType_NamesTheKeyAndAValidValue(string key, string value, string advice)
    {
        using var folder = new InboxFolder();
        using var host = Build(folder, [new(key, value)]);

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage($"*IncomingCalls:Sqlite:{key}*{advice}*");
    }

    [Fact]
    public void DeduplicationWindow_ShortAndAllowed_IsAccepted()
    {
        using var folder = new InboxFolder();
        using var host = Build(folder, [new("DeduplicationWindow", "01:00:00"), new("AllowShortDeduplicationWindow", "true")]);

        host.Services.GetRequiredService<IOptions<SqliteInboxOptions>>().Value.DeduplicationWindow.Should().Be(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Bind_EveryKey_IsRead()
    {
        using var folder = new InboxFolder();
        using var host = Build(
            folder,
            [
                new("Path", "elsewhere.db"),
                new("DeduplicationWindow", "2.00:00:00"),
                new("AllowShortDeduplicationWindow", "true"),
                new("Retention", "30.00:00:00"),
                new("LockTimeout", "00:00:05"),
                new("MaxQuarantineItems", "11"),
                new("MaxQuarantineBytes", "2000000"),
                new("MaxDeadLetters", "12"),
            ]);

        var options = host.Services.GetRequiredService<IOptions<SqliteInboxOptions>>().Value;

        options.Should().BeEquivalentTo(new SqliteInboxOptions
        {
            Path = "elsewhere.db",
            DeduplicationWindow = TimeSpan.FromDays(2),
            AllowShortDeduplicationWindow = true,
            Retention = TimeSpan.FromDays(30),
            LockTimeout = TimeSpan.FromSeconds(5),
            MaxQuarantineItems = 11,
            MaxQuarantineBytes = 2_000_000,
            MaxDeadLetters = 12,
        });
    }

    private static IHost Build(InboxFolder folder, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("IncomingCalls:Sqlite:Path", folder.Path)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"IncomingCalls:Sqlite:{setting.Key}", setting.Value)));
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls")).UseSqliteInbox();
        return builder.Build();
    }
}
