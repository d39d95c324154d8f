using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The inbox on the data source of the host. Its role has a password, which the data source does not show.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class DataSourceTests(PostgresFixture postgres)
{
    private const string Password = "s3cret";

    private readonly string _schema = postgres.NextSchema();

    private string Role => $"{_schema}_host";

    [PostgresFact]
    public async Task DataSource_WithPassword_HasPoolsOfTheInboxBesideIt()
    {
        await using var source = NpgsqlDataSource.Create($"{await CreateRoleAsync()};Password={Password};Maximum Pool Size=1");
        await using var node = await StartAsync(_ => source);
        // The pool of the host is exhausted.
        await using var connection = await source.OpenConnectionAsync();

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(DISTINCT application_name) FROM pg_stat_activity WHERE usename = '{Role}' AND application_name LIKE 'IncomingCalls %'")).Should().BeGreaterThan(2);
    }

    [PostgresFact]
    public async Task DataSource_PasswordChanges_ConnectsWithTheNewOne()
    {
        var password = Password;
        var builder = new NpgsqlDataSourceBuilder(await CreateRoleAsync());
        builder.UsePasswordProvider(_ => password, (_, _) => new(password));
        await using var source = builder.Build();
        await using var node = await StartAsync(_ => source);
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));

        password = "changed";
        await TestNode.ExecuteAsync(postgres, $"ALTER ROLE {Role} PASSWORD 'changed'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{Role}'");

        await Eventually.HoldsAsync(async () => (await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("declined")).AsTask()).Should().NotThrowAsync()).Subject.Should().NotBeNull());
        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().HaveCount(2));
    }

    [PostgresFact]
    public async Task ConfigureDataSource_PasswordProvider_IsUsedByEachPool()
    {
        var connectionString = await CreateRoleAsync();
        await using var node = await TestNode.StartAsync(postgres, _schema, options =>
        {
            options.ConnectionString = connectionString;
            options.ConfigureDataSource = static builder => builder.UsePasswordProvider(static _ => Password, static (_, _) => new(Password));
        });

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(() => node.Recorder.Events.Should().ContainSingle());
    }

    [PostgresFact]
    public async Task DataSource_OfAnotherDatabase_IsRefused()
    {
        await TestNode.ExecuteAsync(postgres, $"CREATE DATABASE {_schema}_other");
        await using var other = NpgsqlDataSource.Create(postgres.Server.ConnectionString($"{_schema}_other"));
        await using var same = NpgsqlDataSource.Create(postgres.ConnectionString);

        await FluentActions.Awaiting(() => StartAsync(_ => other, postgres.ConnectionString)).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage("The data source that was passed to UsePostgreSqlInbox and IncomingCalls:PostgreSql:ConnectionString lead to different databases*");

        await using var node = await StartAsync(_ => same, postgres.ConnectionString);
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));
    }

    private async Task<string> CreateRoleAsync()
    {
        await TestNode.ExecuteAsync(postgres, "DO $$ BEGIN CREATE ROLE with_password; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        var connectionString = await postgres.CreateRoleAsync(Role, $"PASSWORD '{Password}' IN ROLE with_password");
        await TestNode.ExecuteAsync(postgres, $"GRANT CREATE ON DATABASE postgres TO {Role}");
        return connectionString;
    }

    private Task<TestNode> StartAsync(Func<IServiceProvider, NpgsqlDataSource> source, string? connectionString = null) => TestNode.StartAsync(
        postgres,
        _schema,
        options => options.ConnectionString = connectionString,
        calls => calls.UsePostgreSqlInbox(source).AddHandler<RecordingHandler>("crm"));
}
