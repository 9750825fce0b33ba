// Links to the server whose address is the argument, sends "echo", and prints what comes back: with the .NET Standard build of the client.
using System.Reflection;
using System.Runtime.Versioning;
using Krmx;

foreach (Type type in new[] { typeof(KrmxMessage), typeof(KrmxClient) })
    Console.WriteLine(type.Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName);

var options = new KrmxClientOptions { Timeouts = { Connect = TimeSpan.FromSeconds(20), Request = TimeSpan.FromSeconds(20) } };
await using var client = new KrmxClient(options);
var echoed = new TaskCompletionSource<string>();
client.OnMessage<string>("echo", echoed.SetResult);
await client.ConnectAsync(args[0]);
await client.LinkAsync("smoke", _ => ValueTask.FromResult<string?>("ticket"));
await client.SendAsync("echo", "héllo");
Console.WriteLine(await echoed.Task.WaitAsync(TimeSpan.FromSeconds(20)));
await client.LeaveAsync();
await client.DisconnectAsync();
Console.WriteLine(client.LastClose);
