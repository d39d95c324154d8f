using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Conventions.Tests;

/// <summary>
/// The page about the configuration lists the keys as the code has them. Each example is bound, so that the page also proves that every option can be
/// configured and that its key is known.
/// </summary>
public partial class ConfigurationPageTests
{
    private static readonly (string Section, Type Options)[] Sections =
    [
        ("IncomingCalls:InMemory", typeof(InMemoryInboxOptions)),
        ("IncomingCalls:Webhook", typeof(IncomingCallsWebhookOptions)),
        ("IncomingCalls:Sqlite", typeof(SqliteInboxOptions)),
        ("IncomingCalls:PostgreSql", typeof(PostgreSqlInboxOptions)),
        ("IncomingCalls:Orleans", typeof(OrleansInboxOptions)),
        ("IncomingCalls:Accounts:acme", typeof(CallAccountOptions)),
        ("IncomingCalls", typeof(IncomingCallsOptions)),
        ("GreenApi:Instances:0", typeof(GreenApiInstanceOptions)),
        ("GreenApi", typeof(GreenApiOptions)),
    ];

    private static readonly Type[] OptionTypes = [.. Sections.Select(section => section.Options)];

    private static readonly Dictionary<string, XElement> Values = OptionTypes.Select(type => type.Assembly).Distinct()
        .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("value"))
        .ToDictionary(value => value.Parent!.Attribute("name")!.Value);

    [RepositoryFact]
    public void Keys_AreTheOptionsOfTheCode() =>
        Rows().Select(row => row.Name).Should().BeEquivalentTo(Sections.SelectMany(section => Properties(section.Options).Select(property => $"{section.Section}:{property.Name}")));

    [RepositoryFact]
    public void Defaults_AreThoseOfTheCode()
    {
        foreach (var row in Rows())
        {
            var isRequired = Documentation(row.Property).Contains("Required", StringComparison.Ordinal) && !Documentation(row.Property).Contains("Required for", StringComparison.Ordinal);
            row.Default.Should().Be(isRequired ? "required" : Format(row.Property.GetValue(Create(row.Options))), $"it is the default of {row.Key}");
        }
    }

    [RepositoryFact]
    public void Ranges_AreThoseOfTheDocumentationInTheCode()
    {
        foreach (var row in Rows().Where(row => Range().IsMatch(Documentation(row.Property))))
        {
            row.Range.Should().Be(Range().Match(Documentation(row.Property)).Groups["range"].Value, $"it is the range of {row.Key}");
        }
    }

    [RepositoryFact]
    public void Examples_AreKnownValidAndBound()
    {
        foreach (var row in Rows())
        {
            var logs = new FakeLogCollector();
            using var host = Bind(row, logs);
            object[] bound =
            [
                Read<IncomingCallsOptions>(host), Read<IncomingCallsOptions>(host).InMemory, Read<IncomingCallsWebhookOptions>(host), Read<SqliteInboxOptions>(host), Read<PostgreSqlInboxOptions>(host),
                Read<IncomingCallsOptions>(host).Accounts?["acme"] ?? new CallAccountOptions(), Read<OrleansInboxOptions>(host), Read<GreenApiOptions>(host), Read<GreenApiOptions>(host).Instances![0],
            ];

            row.Property.GetValue(bound.Single(options => options.GetType() == row.Options)).Should()
                .NotBe(row.Property.GetValue(Create(row.Options)), $"{row.Key} = {row.Example} changes the option");
            logs.GetSnapshot().Select(log => log.Message).Should().BeEmpty($"{row.Key} is known");
        }
    }

    /// <summary>The properties that have a key of their own; those below a nested section are properties of its class, and delegates are set in code.</summary>
    private static IEnumerable<PropertyInfo> Properties(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite && !typeof(Delegate).IsAssignableFrom(property.PropertyType) && !OptionTypes.Contains(property.PropertyType) && !property.PropertyType.GetGenericArguments().Any(OptionTypes.Contains));

    private static object Create(Type options) => Activator.CreateInstance(options)!;

    private static string Format(object? value) => value switch
    {
        null => "–",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The value element of a property's documentation, as plain text.</summary>
    private static string Documentation(PropertyInfo property)
    {
        var value = Values[$"P:{property.DeclaringType!.FullName}.{property.Name}"];
        return string.Concat(value.Nodes().Select(node => node is XElement { Name.LocalName: "see" } see ? see.Attribute("cref")!.Value.Split('.')[^1] : ((node as XElement)?.Value ?? $"{node}")));
    }

    private static ServiceProvider Bind(ConfigurationRow row, FakeLogCollector logs)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("IncomingCalls:Sqlite:Path", "calls.db"),
            new("IncomingCalls:PostgreSql:ConnectionString", "Host=other"),
            new("IncomingCalls:Webhook:Tokens:0", "token"),
            new("GreenApi:Instances:0:IdInstance", "1"),
            new("GreenApi:Instances:0:ApiTokenInstance", "token"),
        ]).AddInMemoryCollection([new(row.Key, row.Example)]).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        services.AddIncomingCalls(configuration.GetSection("IncomingCalls")).AddWebhook().UseSqliteInbox().UsePostgreSqlInbox().UseOrleansInbox().AddGreenApi(configuration.GetSection("GreenApi"));
        return services.BuildServiceProvider();
    }

    private static T Read<T>(IServiceProvider services)
        where T : class => services.GetRequiredService<IOptions<T>>().Value;

    private static ConfigurationRow[] Rows() =>
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"))).Select(match => match.Groups).Select(cells =>
        {
            var key = cells["key"].Value;
            var (section, options) = Sections.First(section => key.StartsWith($"{section.Section}:", StringComparison.Ordinal));
            var name = key[(section.Length + 1)..].Split(':')[0];
            var property = options.GetProperty(name) ?? throw new InvalidOperationException($"{options.Name} has no property {name}.");
            return new ConfigurationRow(key, $"{section}:{name}", options, property, Plain(cells["default"].Value), Plain(cells["range"].Value), cells["example"].Value);
        }),
    ];

    private static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `(?<key>(?:IncomingCalls|GreenApi):[^`]+)` \| (?<default>[^|]+) \| (?<range>[^|]+) \| `(?<example>[^`]+)` \| [^|]+ \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"Range(?: of each delay)?: (?<range>[^.]+)\.")]
    private static partial Regex Range();

    private sealed record ConfigurationRow(string Key, string Name, Type Options, PropertyInfo Property, string Default, string Range, string Example);
}
