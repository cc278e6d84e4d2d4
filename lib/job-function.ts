import { type Duration, RemovalPolicy, Size, Stage, Tags } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Handler,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ENVIRONMENT_NAMES, type EnvironmentKey } from '#contract/environment.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type BundleProps, bundle } from './bundle.ts';

export type FunctionEnvironment = Partial<Readonly<Record<EnvironmentKey, string>>>;

export interface JobFunctionProps extends BundleProps {
  /**
   * Name of its folder in `functions` or `functions/workers`, or name of the app's worker; value of the tag
   * `jobtree:function`.
   */
  readonly name: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memorySizeMebibytes: number;
  /** Mebibytes of temporary files. @default - 512, the default of Lambda */
  readonly temporaryMebibytes?: number | undefined;
  /** Makes a container image of the bundle, whose files include a Dockerfile. @default - a zip archive */
  readonly isImage?: boolean;
  /** @default ARM_64 */
  readonly architecture?: Architecture | undefined;
  readonly environment: FunctionEnvironment;
  /** Additional environment variables. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * Reserved concurrency, which is also the function's maximum. @default - shares the concurrency of the
   * account
   */
  readonly reservedConcurrency?: number | undefined;
  /** All permissions of the function, besides writing its log. */
  readonly statements: readonly PolicyStatement[];
}

/** A function of jobtree with its own bundle, role and log. It has no permission that is not listed. */
export class JobFunction extends LambdaFunction {
  /** The name as it was passed. */
  readonly name: string;
  readonly ownLog: LogGroup;

  constructor(scope: Construct, id: string, props: JobFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { directory } = bundle(outdirOf(scope), props);
    const { architecture = Architecture.ARM_64, isImage = false, temporaryMebibytes } = props;
    super(scope, id, {
      description: `jobtree ${props.name}: ${props.description}`,
      architecture,
      ...(isImage ? imageOf(directory, architecture) : zipOf(directory)),
      timeout: props.timeout,
      memorySize: props.memorySizeMebibytes,
      ...(temporaryMebibytes !== undefined && { ephemeralStorageSize: Size.mebibytes(temporaryMebibytes) }),
      ...omitUndefined({ reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: { ...environmentVariables(props.environment), ...props.variables },
      role: roleOf(scope, `${id}Role`, [allowLog(logGroup), ...props.statements]),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
    });
    this.name = props.name;
    this.ownLog = logGroup;
    Tags.of(this).add('jobtree:function', props.name);
  }
}

function zipOf(directory: string) {
  return { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromAsset(directory) };
}

/** `cdk deploy` builds the image. Synth does not need Docker. */
function imageOf(directory: string, architecture: Architecture) {
  const platform =
    architecture.name === Architecture.ARM_64.name ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;
  const code = Code.fromAssetImage(directory, { platform });
  return { runtime: Runtime.FROM_IMAGE, handler: Handler.FROM_IMAGE, code };
}

/** Maps the variables to the names that functions read. */
export function environmentVariables(environment: FunctionEnvironment): Record<string, string> {
  const variables = Object.entries(environment) as [EnvironmentKey, string][];
  return Object.fromEntries(variables.map(([key, value]) => [ENVIRONMENT_NAMES[key], value]));
}

function roleOf(scope: Construct, id: string, statements: PolicyStatement[]): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { rights: new PolicyDocument({ statements }) },
  });
}

function allowLog({ logGroupArn }: LogGroup): PolicyStatement {
  return new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });
}

function outdirOf(scope: Construct): string {
  const stage = Stage.of(scope);
  if (!stage)
    throw new Error(
      `${scope.node.path} is not in a CDK app; jobtree bundles code into the output folder of the app, so create the construct in an App`,
    );
  return stage.outdir;
}
