using System.CommandLine;

namespace IncomingCalls.Cli.Arguments;

/// <summary>The option for the name of the operator, which the administration log records.</summary>
internal sealed class OperatorOption
{
    private const int MaxLength = 200;

    private readonly Option<string?> _by = new("--by")
    {
        Description = "Your name for the administration log; by default that of the user and of the machine.",
        HelpName = "name",
        CustomParser = static result =>
        {
            if (result.Tokens.Single().Value is { Length: > 0 and <= MaxLength } name)
            {
                return name;
            }

            result.AddError($"--by takes a name of at most {MaxLength} characters.");
            return null;
        },
    };

    public OperatorOption(Command command) => command.Options.Add(_by);

    public string GetName(ParseResult arguments) => arguments.GetValue(_by) ?? $"{Environment.UserName}@{Environment.MachineName}";
}
