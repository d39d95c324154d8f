using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox schema</c>: prints the statements that create the tables of a PostgreSQL inbox. It connects to nothing.</summary>
internal sealed class InboxSchemaCommand : CliCommand
{
    private readonly Option<bool> _sql = new("--sql") { Description = "Print SQL, for psql. Required." };
    private readonly Option<string?> _schema = new("--schema") { Description = "The schema of the tables; incoming_calls by default.", HelpName = "name" };
    private readonly Option<int?> _from = NumberOption.Create("--from", "The first step; 1 by default. The message of a node whose tables are old names it.", 1, 1_000_000);
    private readonly Option<string?> _role = new("--role") { Description = "The role that the nodes use: it is granted what they need, and nothing more.", HelpName = "name" };

    public InboxSchemaCommand()
        : base("schema", "Prints the statements with which a DBA creates or changes the tables of a PostgreSQL inbox.")
    {
        Options.Add(_sql);
        Options.Add(_schema);
        Options.Add(_from);
        Options.Add(_role);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox schema --sql --role crm | psql -d crm -v ON_ERROR_STOP=1", "Create the tables, and grant the role crm what a node needs"),
        ("incoming-calls inbox schema --sql --schema support_calls --from 2", "Print the steps after an update"),
    ];

    protected override Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        if (!arguments.GetValue(_sql))
        {
            throw new CommandFailedException(ExitCode.Usage, "Specify in which form to print the statements: --sql.");
        }

        var name = arguments.GetValue(_schema) ?? new PostgreSqlInboxOptions().Schema;
        if (!PostgreSqlInboxOptionsValidator.IsName(name))
        {
            throw new CommandFailedException(ExitCode.Usage, "--schema takes the name of a schema: at most 63 lower-case letters, digits and underscores.");
        }

        var schema = new InboxSchema(name);
        var (from, last) = (arguments.GetValue(_from) ?? 1, schema.Steps[^1].Version);
        if (from > last)
        {
            throw new CommandFailedException(ExitCode.Unusable, $"This version of the tool knows steps 1 to {last}. Use the version of the tool that the nodes have.");
        }

        invocation.Output.Write(new() { Schema = name, Version = last, Sql = SchemaScript.Create(schema, from, arguments.GetValue(_role)) }, CliJsonContext.Readable.InboxSchemaLine);
        return Task.FromResult(ExitCode.Success);
    }
}
