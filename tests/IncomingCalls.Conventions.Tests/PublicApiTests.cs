using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace IncomingCalls.Conventions.Tests;

public class PublicApiTests
{
    /// <summary>The host implements most interfaces; these it only calls.</summary>
    private static readonly Type[] CalledByTheHost = [typeof(ICallIntake), typeof(ICallInboxAdministration), typeof(ICallbacks)];

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Classes_AreSealedStaticOrExceptions() =>
        Package.PublicTypes.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !type.IsSubclassOf(typeof(Exception)))
            .Should().BeEmpty();

    [Fact]
    public void AsyncMethods_EndWithACancellationToken() =>
        AllMethods().Where(IsAsync)
            .Where(method => method.Name is not nameof(IAsyncDisposable.DisposeAsync))
            .Where(method => method.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken))
            .Select(Describe).Should().BeEmpty();

    [Fact]
    public void Interfaces_AskForTheTokenAndConveniencesForgiveItsAbsence() =>
        AllMethods().Where(method => IsAsync(method) && method.DeclaringType!.IsInterface && !CalledByTheHost.Contains(method.DeclaringType))
            .Where(method => method.GetParameters()[^1].HasDefaultValue)
            .Select(Describe).Should().BeEmpty();

    [Fact]
    public void Records_HaveNoPositionalMembers() =>
        Package.PublicTypes.Where(type => type.GetMethod("Deconstruct") is not null).Should().BeEmpty("a parameter more would break every caller");

    [Fact]
    public void Properties_ExposeNoListThatAnybodyCanChange() =>
        Package.PublicTypes.SelectMany(type => type.GetProperties(Declared))
            .Where(property => property.SetMethod is null || IsInitOnly(property))
            .Where(property => typeof(IList).IsAssignableFrom(property.PropertyType) && !property.PropertyType.IsArray)
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").Should().BeEmpty();

    [Fact]
    public void Enums_StartAtZero() =>
        Package.PublicTypes.Where(type => type.IsEnum && !Enum.IsDefined(type, Enum.ToObject(type, 0))).Should().BeEmpty("the default value means something");

    [Fact]
    public void Extensions_LiveWhereTheirUsersLookForThem() =>
        Package.PublicTypes
            .Where(type => type.IsDefined(typeof(ExtensionAttribute)) && type.Assembly != Package.Testing && type.Name is not (nameof(CallIntakeExtensions) or nameof(CallInboxAdministrationExtensions)))
            .Select(type => type.Namespace).Distinct()
            .Should().BeSubsetOf(["Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder"]);

    [Fact]
    public void Options_AreDocumentedWithTheirDefaults()
    {
        foreach (var assembly in Package.All)
        {
            var documentation = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
            var members = documentation.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
            var undocumented = assembly.GetExportedTypes()
                .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
                .SelectMany(type => type.GetProperties(Declared))
                .Where(property => property.PropertyType != typeof(InMemoryInboxOptions))
                .Select(property => $"P:{property.DeclaringType!.FullName}.{property.Name}")
                .Where(name => !members.TryGetValue(name, out var member) || member.Element("value") is null);
            undocumented.Should().BeEmpty("an option says its default");
        }
    }

    private static IEnumerable<MethodInfo> AllMethods() => Package.PublicTypes
        .Where(type => !type.IsSubclassOf(typeof(Delegate)))
        .SelectMany(type => type.GetMethods(Declared))
        .Where(method => !method.IsSpecialName);

    private static bool IsAsync(MethodInfo method) =>
        typeof(Task).IsAssignableFrom(method.ReturnType)
        || method.ReturnType == typeof(ValueTask)
        || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static bool IsInitOnly(PropertyInfo property) =>
        property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Describe(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
